/** The `Date` field (RFC 9110 §6.6.1), written anew once a second and not for every answer. */
import type { Clock } from '../domain/clock.ts';
import { renderHttpDate } from './http-date.ts';

export function openDateLine(clock: Clock): () => string {
  let line: string | null = null;
  return () => {
    if (line !== null) return line;
    const now = clock().epochMilliseconds;
    line = `Date: ${renderHttpDate(Math.floor(now / 1000))}\r\n`;
    setTimeout(() => (line = null), 1000 - (now % 1000)).unref();
    return line;
  };
}
