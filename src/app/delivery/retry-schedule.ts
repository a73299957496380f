/** When a deferred delivery is tried again: soon at first, then ever more seldom, spread out so that a list does not come back as one wave. */

const STEPS_IN_MINUTES = [5, 15, 30, 60, 120, 240];

/**
 * The next attempt after `attempts` of them, or null when that would be later than `retryFor` after the first claim (RFC 5321 §4.5.4.1
 * asks for 4 to 5 days at most and at least 30 minutes between tries in the long run). The spread, up to a fifth, depends only on `spreadBy`.
 */
export function nextAttemptAt(
  now: Temporal.Instant,
  attempts: number,
  firstClaimedAt: Temporal.Instant,
  retryFor: Temporal.Duration,
  spreadBy: number,
): Temporal.Instant | null {
  const minutes = STEPS_IN_MINUTES[Math.min(attempts, STEPS_IN_MINUTES.length) - 1] ?? 5;
  const spread = 1 + ((spreadBy * 2_654_435_761) % 1000) / 5000;
  const next = now.add({ seconds: Math.round(minutes * 60 * spread) });
  const last = firstClaimedAt.add({ milliseconds: Math.round(retryFor.total('milliseconds')) });
  return Temporal.Instant.compare(next, last) > 0 ? null : next;
}
