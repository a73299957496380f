/**
 * The next turn of an account, kept for a notice, so that a digest whose lines take each turn the moment it comes does not keep notices out. Noted in the
 * account's own row of `rates` where a domain's has the end of its line, which an account has not.
 */
import type { RateRow } from './rate-records.ts';

/** For how long a turn is kept from when it comes, microseconds: a notice looks every other second; a program that died comes for nothing. */
const KEPT_FOR = 3_000_000;
/** The last turn was a notice's: the next is for whoever comes first. */
const AFTER_NOTICE = -1;

/** Whether only a notice may take the account's turn now. `time`: microseconds. */
export function isKept({ line_end }: RateRow, time: number): boolean {
  return line_end > time;
}

/** Every other turn at most: a flood of sign-ups halves the pace of a digest, and does not stop it. */
export function keepTurn(row: RateRow, time: number): RateRow {
  if (row.line_end === AFTER_NOTICE) return row;
  return { ...row, line_end: Math.max(row.free_at, time) + KEPT_FOR };
}

export function afterNotice(row: RateRow): RateRow {
  return { ...row, line_end: AFTER_NOTICE };
}
