/** The month that an entry is listed under: of its own date, in its own zone. A moment takes its time to tell its month, so thousands are asked for theirs in one go. */
import { momentOf } from '../../domain/post.ts';
import type { PageEntry } from './page-entry.ts';

/** `month`: with its year, unlike any other. */
export type Month = { readonly year: string; readonly month: string };

/** Of entries as long as they last. Months are few, and shared. */
const monthsOf = new WeakMap<PageEntry, Month>();
const months = new Map<string, Month>();

export function monthOf(entry: PageEntry): Month {
  const known = monthsOf.get(entry);
  if (known) return known;
  const { year, month: number } = entry.post.publishedAt;
  const month = `${year}-${number}`;
  const found = months.get(month) ?? { year: String(year), month };
  months.set(month, found);
  monthsOf.set(entry, found);
  return found;
}

/** So near to its ends a month may begin twice, where clocks were put back. */
const MARGIN_MILLISECONDS = 2 * 24 * 60 * 60 * 1000;

/** Milliseconds that are all of one month. */
type Span = { readonly from: number; readonly until: number; readonly month: Month };

/** Finds the months of many entries of one zone, in the order of their dates: few moments need be asked. */
export function noteMonths(entries: readonly PageEntry[]): void {
  let span: Span | null = null;
  for (const entry of entries) {
    const moment = momentOf(entry.post);
    const isInside = span !== null && span.from <= moment && moment < span.until;
    if (span && isInside) monthsOf.set(entry, span.month);
    else if (!isNear(span, moment)) span = spanAround(entry);
  }
}

function isNear(span: Span | null, moment: number): boolean {
  if (!span) return false;
  return span.from - MARGIN_MILLISECONDS <= moment && moment < span.until + MARGIN_MILLISECONDS;
}

function spanAround(entry: PageEntry): Span {
  const first = entry.post.publishedAt.with({ day: 1 }).startOfDay();
  const next = first.add({ months: 1 });
  return {
    from: first.epochMilliseconds + MARGIN_MILLISECONDS,
    until: next.epochMilliseconds - MARGIN_MILLISECONDS,
    month: monthOf(entry),
  };
}
