/** The corrections that the next digest of a series opens with: of posts it has mailed, each told once. */
import type { Correction, ToldCorrection } from '../../domain/correction.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

export type FoundCorrections = {
  /** Oldest post first. */
  readonly told: readonly ToldCorrection[];
  /** To be noted with the digest: those, and what its own posts say already, whose first readers get them right. */
  readonly noted: readonly Correction[];
};

export async function findCorrections(
  { store }: Pick<Renga, 'store'>,
  series: string,
  prepared: readonly PreparedEntry[],
  chosen: ReadonlySet<string>,
): Promise<FoundCorrections> {
  const corrected = prepared.flatMap(({ post }) =>
    post.correction === null ? [] : [{ post: post.id, words: post.correction }],
  );
  const untold = await store.series.untold(
    series,
    corrected.filter(({ post }) => !chosen.has(post)),
  );
  const entries = new Map(prepared.map((entry) => [entry.post.id, entry]));
  const told = untold.toReversed().flatMap(({ post, words }) => {
    const entry = entries.get(post);
    return entry ? [{ title: entry.post.title, url: entry.url, words }] : [];
  });
  return { told, noted: [...untold, ...corrected.filter(({ post }) => chosen.has(post))] };
}
