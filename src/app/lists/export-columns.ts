/**
 * A subscriber as a line of our own export, and back, with nothing lost. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe;
 * lists and the story are JSON. The same names are the keys of JSON lines.
 */
import { parseAddress } from '../../domain/address.ts';
import type { Arrival, StoryKind, StoryLine, SubscriberState } from '../../domain/subscriber.ts';

export const EXPORT_COLUMNS = [
  'address',
  'name',
  'state',
  'series',
  'tags',
  'paused_until',
  'created_at',
  'confirmed_at',
  'ended_at',
  'end_reason',
  'story',
] as const;

export type ExportColumn = (typeof EXPORT_COLUMNS)[number];
export type ExportRow = Readonly<Record<ExportColumn, string>>;

/** Somebody as an export tells of them. */
export type Exported = Omit<Arrival, 'source' | 'words'>;

export function renderExportRow(one: Exported): ExportRow {
  return {
    address: one.address,
    name: one.name,
    state: one.state,
    series: renderList(one.series),
    tags: renderList(one.tags),
    paused_until: one.pausedUntil?.toString() ?? '',
    created_at: one.createdAt?.toString() ?? '',
    confirmed_at: one.confirmedAt?.toString() ?? '',
    ended_at: one.endedAt?.toString() ?? '',
    end_reason: one.endReason ?? '',
    story: JSON.stringify(one.story),
  };
}

/** One line of JSON. */
export function renderExportJson(one: Exported): string {
  const { address, name, state, series, tags, story } = one;
  const times = {
    paused_until: one.pausedUntil,
    created_at: one.createdAt,
    confirmed_at: one.confirmedAt,
    ended_at: one.endedAt,
  };
  return `${JSON.stringify({ address, name, state, series, tags, ...times, end_reason: one.endReason, story })}\n`;
}

/** Empty means all of them. */
function renderList(names: readonly string[] | null): string {
  return names === null ? '' : JSON.stringify(names);
}

/** CSV injection (CWE-1236): what spreadsheets run when they open a file. Apostrophes before one are doubled, so that it can be undone. */
const FORMULA = /^'*[=+\-@\t\r]/;

export function guardCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

export function unguardCell(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

/** RFC 4180 §2: one line, with its CRLF. */
export function renderCsvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) =>
    /[",;|\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(',')}\r\n`;
}

export type ReadExport =
  | { readonly kind: 'read'; readonly exported: Exported }
  | { readonly kind: 'refused'; readonly reason: string };

const STATES: ReadonlySet<string> = new Set(['pending', 'active', 'unsubscribed', 'suppressed']);

/** What is missing in the row is as if it were empty. */
export function parseExportRow(row: Readonly<Partial<Record<string, string>>>): ReadExport {
  const cell = (column: ExportColumn): string => row[column] ?? '';
  const parsed = parseAddress(cell('address'));
  if (parsed.kind === 'not-an-address') return { kind: 'refused', reason: parsed.reason };
  const state = cell('state');
  if (!isState(state)) return { kind: 'refused', reason: `there is no state "${state}"` };
  try {
    const exported = {
      address: parsed.address,
      name: cell('name'),
      state,
      series: parseList(cell('series')),
      tags: parseList(cell('tags')),
      pausedUntil: parseTime(cell('paused_until')),
      createdAt: parseTime(cell('created_at')),
      confirmedAt: parseTime(cell('confirmed_at')),
      endedAt: parseTime(cell('ended_at')),
      endReason: cell('end_reason') === '' ? null : cell('end_reason'),
      story: parseStory(cell('story')),
    };
    return { kind: 'read', exported };
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}

function isState(text: string): text is SubscriberState {
  return STATES.has(text);
}

function parseTime(text: string): Temporal.Instant | null {
  return text === '' ? null : Temporal.Instant.from(text);
}

function parseList(text: string): readonly string[] | null {
  if (text === '') return null;
  const names: unknown = JSON.parse(text);
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new Error(`${text.slice(0, 40)} is not a list of names`);
}

const STORY_KINDS: Readonly<Record<StoryKind, true>> = {
  asked: true,
  confirmed: true,
  added: true,
  imported: true,
  chose: true,
  moved: true,
  left: true,
  returned: true,
  suppressed: true,
  erased: true,
};

function parseStory(text: string): readonly StoryLine[] {
  if (text === '') return [];
  const lines: unknown = JSON.parse(text);
  if (!Array.isArray(lines)) throw new Error('its story is not a list');
  return lines.map(parseLine);
}

function parseLine(line: unknown): StoryLine {
  const { at, kind, source, words, origin } = Object(line) as Readonly<Record<string, unknown>>;
  if (typeof kind !== 'string' || !isStoryKind(kind))
    throw new Error('its story has a line of no known kind');
  return {
    at: Temporal.Instant.from(String(at)),
    kind,
    source: typeof source === 'string' ? source : '',
    words: typeof words === 'string' ? words : '',
    origin: typeof origin === 'string' ? origin : null,
  };
}

function isStoryKind(text: string): text is StoryKind {
  return Object.hasOwn(STORY_KINDS, text);
}
