/** The name that was probably meant by one that does not exist. */
import { distance } from 'fastest-levenshtein';

/** The nearest of `names`, letter case aside, or null when none is near: about every third letter may be wrong. */
export function nearestName(written: string, names: readonly string[]): string | null {
  const wanted = written.toLowerCase();
  const ranked = names
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .toSorted((one, other) => one.far - other.far);
  const [nearest] = ranked;
  const allowance = Math.max(1, Math.ceil(wanted.length / 3));
  return nearest && nearest.far <= allowance ? nearest.name : null;
}
