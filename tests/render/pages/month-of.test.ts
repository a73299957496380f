/** Months that are noted for many entries at once are those that each would tell by itself. */
import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { monthOf, noteMonths } from '../../../src/render/pages/month-of.ts';
import type { PageEntry } from '../../../src/render/pages/page-outputs.ts';
import { sampleEntry } from '../feeds/sample-entries.ts';

const { post, url, summary, imageUrl, media, body } = sampleEntry({ slug: 'one', title: 'One' });

function entryAt(milliseconds: number, zone: string): PageEntry {
  const publishedAt = Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone);
  const loadHtml = async (): Promise<string> => await Promise.resolve(body.html);
  return { post: { ...post, publishedAt }, url, summary, imageUrl, media, fingerprint: 'one', loadHtml };
}

const nameOf = ({ post: { publishedAt } }: PageEntry): string => `${publishedAt.year}-${publishedAt.month}`;

// In two of these the clocks went back into the last day of October on 1 November 2009, at a minute past midnight.
const zone = constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'America/Goose_Bay', 'Pacific/Apia');
const START = Date.UTC(2009, 8, 1);
const WITHIN = 100 * 24 * 60 * 60 * 1000;
const WEEKS_AROUND = constantFrom(Date.UTC(2009, 10, 1, 2, 31), Date.UTC(2009, 10, 1, 3, 1));

it('is the month of the date of each', () => {
  assert(
    property(zone, array(integer({ min: 0, max: WITHIN })), array(WEEKS_AROUND), (name, times, near) => {
      const moments = [...times.map((time) => START + time), ...near].sort((a, b) => b - a);
      const entries = moments.map((moment) => entryAt(moment, name));
      noteMonths(entries);
      expect(entries.map((entry) => monthOf(entry).month)).toEqual(entries.map(nameOf));
    }),
  );
});

it('is told of entries in any order', () => {
  const entries = [5, 300, 40, 41, 90, 0].map((day) => entryAt(START + day * 86_400_000, 'UTC'));
  noteMonths(entries);
  expect(entries.map((entry) => monthOf(entry).month)).toEqual(entries.map(nameOf));
});
