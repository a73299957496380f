/**
 * Limits on what visitors may ask of the server: so many in an hour, spread by the generic cell rate algorithm, so that one number in the store is all that is
 * kept of anybody. Pure.
 */

export type VisitorLimit = {
  /** A hash: it tells nobody who it was. */
  readonly key: string;
  /** How many in an hour. */
  readonly perHour: number;
  /** How much of that this one takes: 1, or more for what is trusted less. */
  readonly cost: number;
};

const HOUR = 3_600_000;

/**
 * `usedUntil`: what the store keeps of it, in milliseconds; 0 when nothing. The new value, or when it may be tried again. A visitor who was away for an
 * hour has the whole of it.
 */
export function useLimit(
  { perHour, cost }: Pick<VisitorLimit, 'perHour' | 'cost'>,
  usedUntil: number,
  now: number,
):
  | { readonly kind: 'within'; readonly usedUntil: number }
  | { readonly kind: 'over'; readonly retryAt: number } {
  // What costs more than a whole hour's worth could never pass.
  const next = Math.max(usedUntil, now) + Math.ceil((HOUR / perHour) * Math.min(cost, perHour));
  return next - now <= HOUR ? { kind: 'within', usedUntil: next } : { kind: 'over', retryAt: next - HOUR };
}
