/** When a call to a hub or callback that failed is made again: soon at first, then ever more seldom, for about a day. */
import type { CallKind } from '../../domain/websub.ts';

const SECONDS: Readonly<Record<CallKind, readonly number[]>> = {
  ping: [10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800],
  deliver: [30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800],
  // Whoever asked is waiting; later they would ask again.
  verify: [10, 60, 300],
};

/** After `attempts` that failed, this one included; null when it is given up. Calls that failed together come a little apart. */
export function nextCallAt(
  { kind, target }: { readonly kind: CallKind; readonly target: string },
  attempts: number,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const seconds = SECONDS[kind][attempts - 1];
  if (seconds === undefined) return null;
  const spread = 1 + (target.length % 20) / 100;
  return now.add({ milliseconds: Math.round(seconds * spread * 1000) });
}
