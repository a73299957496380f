/** Schedules in plain words, in each language that is shipped. */
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import type { SeriesSchedule } from '../../../src/domain/publication.ts';
import { readTexts } from '../../../src/config/read-texts.ts';
import { describeSchedule } from '../../../src/render/pages/describe-schedule.ts';

const NOW = Temporal.Instant.from('2026-11-20T09:00:00Z');
const { texts: english } = await readTexts(tmpdir(), 'en-GB');
const { texts: german } = await readTexts(tmpdir(), 'de');

it.each([
  ['each', 'each post as soon as it is there', 'jeder Beitrag, sobald er da ist'],
  ['30 7 * * *', 'every day at 07:30', 'jeden Tag um 07:30'],
  ['0 9 * * 1', 'every Monday at 09:00', 'jeden Montag um 09:00'],
  ['0 9 * * 7,1,4', 'every Monday, Thursday', 'jeden Montag, Donnerstag und Sonntag um 09:00'],
  ['0 18 1 * *', 'on day 1 of each month at', 'am 1. jedes Monats um 18:00'],
  ['0 8,20 * * *', 'next on 20 November 2026 at 20:00', 'das nächste Mal am 20. November 2026 um 20:00'],
  ['0 9 1 1 *', 'next on 1 January 2027', 'das nächste Mal am 1. Januar 2027 um 09:00'],
  ['0 9 30 2 *', '', ''],
])('%s', (text, inEnglish, inGerman) => {
  const schedule: SeriesSchedule = text === 'each' ? { kind: 'each' } : { kind: 'cron', cron: text };
  const series = { schedule, zone: 'UTC' };
  expect(describeSchedule(series, english, NOW).startsWith(inEnglish)).toBe(true);
  expect(describeSchedule(series, german, NOW)).toBe(inGerman);
});
