/** One line of a list → somebody who comes from there: where they stood, when they agreed, and what is to be kept of it. */
import { parseAddress } from '../../domain/address.ts';
import type { Arrival, StoryLine, SubscriberState } from '../../domain/subscriber.ts';
import { EXPORT_COLUMNS, type Exported, parseExportRow, unguardCell } from './export-columns.ts';
import type { Columns, Meaning } from './find-columns.ts';
import { type Cells, findStand, gatherCells } from './find-stand.ts';
import { parseListTime } from './parse-list-time.ts';

export type ReadOptions = {
  /** Of those of whom the list itself does not say where they stand. */
  readonly state: SubscriberState;
  /** `import list.csv`. */
  readonly source: string;
  /** Whether addresses of origin (IP) may be kept. */
  readonly keepsOrigin: boolean;
  /** A time after it is a mistake. */
  readonly now: Temporal.Instant;
};

export type ReadRow =
  | { readonly kind: 'arrival'; readonly arrival: Arrival }
  | { readonly kind: 'refused'; readonly text: string; readonly reason: string };

export function readRow(fields: readonly string[], columns: Columns, options: ReadOptions): ReadRow {
  return columns.form === 'Renga'
    ? readOwnRow(fields, columns, options)
    : readForeignRow(fields, columns, options);
}

function readOwnRow(fields: readonly string[], { names }: Columns, { source }: ReadOptions): ReadRow {
  const known: readonly string[] = EXPORT_COLUMNS;
  const cells = names.flatMap((name, index) =>
    known.includes(name) ? [[name, unguardCell(fields[index] ?? '')] as const] : [],
  );
  const row = Object.fromEntries(cells);
  const read = parseExportRow(row);
  if (read.kind === 'refused') return { ...read, text: row['address'] ?? '' };
  return { kind: 'arrival', arrival: { ...cleanExported(read.exported), source, words: '' } };
}

/** It may have been edited since it was ours. */
function cleanExported(exported: Exported): Exported {
  const { name, series, tags, endReason, story } = exported;
  const clean = (text: string): string => cleanText(text, WORDS_LENGTH);
  return {
    ...exported,
    name: cleanText(name, NAME_LENGTH),
    series: series?.map(clean) ?? null,
    tags: tags?.map(clean) ?? null,
    endReason: endReason === null ? null : clean(endReason),
    story: story.map(({ at, kind, source, words, origin }) => ({
      at,
      kind,
      source: clean(source),
      words: clean(words),
      origin: origin === null ? null : clean(origin),
    })),
  };
}

function readForeignRow(fields: readonly string[], columns: Columns, options: ReadOptions): ReadRow {
  const cells = gatherCells(fields, columns);
  const cell = (meaning: Meaning): string => cells.get(meaning) ?? '';
  const parsed = parseAddress(cell('address'));
  if (parsed.kind === 'not-an-address') {
    return { kind: 'refused', text: cell('address'), reason: parsed.reason };
  }
  const stand = findStand(cells, columns, options.state);
  if (stand.kind === 'unknown') return { kind: 'refused', text: cell('address'), reason: stand.reason };
  const times = readTimes(cells, options.now);
  const { state } = stand;
  const isOver = state === 'unsubscribed' || state === 'suppressed';
  const agreedAt = times.confirmed ?? times.asked;
  const arrival = {
    address: parsed.address,
    name: cleanText(cell('name') || `${cell('first name')} ${cell('last name')}`, NAME_LENGTH),
    state,
    series: null,
    tags: null,
    pausedUntil: null,
    // Who is pending is so from now on: sign-ups that nobody confirmed are forgotten after a while.
    createdAt: state === 'pending' ? null : (times.asked ?? times.confirmed),
    confirmedAt: state === 'active' ? agreedAt : times.confirmed,
    endedAt: isOver ? times.ended : null,
    endReason: isOver
      ? [stand.reason, cleanText(cell('reason'), WORDS_LENGTH)].filter(Boolean).join(': ')
      : null,
    source: options.source,
    words: describeRest(cells, times.unread),
    story: tellStory(cells, times, {
      state,
      from: columns.form === 'plain' ? options.source : columns.form,
      options,
    }),
  };
  return { kind: 'arrival', arrival };
}

type Times = {
  readonly asked: Temporal.Instant | null;
  readonly confirmed: Temporal.Instant | null;
  readonly ended: Temporal.Instant | null;
  /** Those that could not be read: they are kept in words. */
  readonly unread: readonly string[];
};

function readTimes(cells: Cells, now: Temporal.Instant): Times {
  const unread: string[] = [];
  const read = (meaning: Meaning): Temporal.Instant | null => {
    const text = cells.get(meaning);
    if (text === undefined) return null;
    const time = parseListTime(text);
    if (time !== null && Temporal.Instant.compare(time, now) <= 0) return time;
    unread.push(`${meaning} ${text}`);
    return null;
  };
  const [asked, confirmed] = [read('asked at'), read('confirmed at')];
  const ended = [read('complained at'), read('bounced at'), read('left at')];
  return { asked, confirmed, ended: ended.find((time) => time !== null) ?? null, unread };
}

function describeRest(cells: Cells, unread: readonly string[]): string {
  const labels = cells.get('labels');
  return cleanText(
    [...(labels === undefined ? [] : [`labels: ${labels}`]), ...unread].join('; '),
    WORDS_LENGTH,
  );
}

function tellStory(
  cells: Cells,
  { asked, confirmed, ended }: Times,
  {
    state,
    from,
    options,
  }: { readonly state: SubscriberState; readonly from: string; readonly options: ReadOptions },
): readonly StoryLine[] {
  const line = (
    kind: StoryLine['kind'],
    at: Temporal.Instant | null,
    where: Meaning | null,
  ): readonly StoryLine[] => {
    if (at === null) return [];
    const origin = where === null || !options.keepsOrigin ? null : (cells.get(where) ?? null);
    return [{ at, kind, source: from, words: '', origin: origin === null ? null : cleanText(origin, 45) }];
  };
  return [
    ...line('asked', asked, 'asked from'),
    ...line('confirmed', confirmed, 'confirmed from'),
    ...(state === 'unsubscribed' ? line('left', ended, null) : []),
    ...(state === 'suppressed' ? line('suppressed', ended, null) : []),
  ];
}

const NAME_LENGTH = 100;
const WORDS_LENGTH = 2000;

/** For show only: what a header or a database could not carry is dropped, and the rest kept short. */
export function cleanText(text: string, most: number): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()
    .trimEnd();
}
