/**
 * Spacing: messages under a limit go one interval apart, never in bursts, also after a stop (the generic cell rate algorithm without tolerance,
 * ITU-T I.371 annex A). In any span of time there are never more than the limit and one. All times are microseconds.
 */

export type Pace = {
  /** From when the next may go. */
  readonly freeAt: number;
  /** The first place in the line behind which nobody was sent to wait yet. */
  readonly lineEnd: number;
};

export const FRESH: Pace = { freeAt: 0, lineEnd: 0 };

/** A turn so near is taken and waited for, rather than looked for again: else what a look costs would slow the pace down. */
export const NEAR = 250_000;

/** When a message may go whose turn is now or near; null when it must wait longer. */
export function turnAt(pace: Pace, now: number): number | null {
  const at = Math.max(now, pace.freeAt);
  return at <= now + NEAR ? at : null;
}

/** After a message was let go at `at`. */
export function afterTurn(pace: Pace, at: number, interval: number, now: number): Pace {
  // Turns that nobody took: those who were sent to wait are gone, or the program was away. Whoever comes lines up anew.
  const isIdle = pace.freeAt + 2 * interval < now;
  return { freeAt: at + interval, lineEnd: isIdle ? 0 : pace.lineEnd };
}

/** Sends one to the end of the line: when to come again, which is not yet a turn. */
export function lineUp(
  pace: Pace,
  spacing: number,
  now: number,
): { readonly comeAt: number; readonly pace: Pace } {
  const comeAt = Math.max(now + NEAR, pace.freeAt, pace.lineEnd);
  return { comeAt, pace: { ...pace, lineEnd: comeAt + spacing } };
}
