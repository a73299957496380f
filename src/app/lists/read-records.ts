/**
 * Text → records, as a stream: a file of any length takes the memory of one record. CSV as RFC 4180 has it, with comma, semicolon, tab or bar; one value a
 * line is CSV too. A slip costs its own line and no other.
 */
import { splitLines } from './split-lines.ts';

export type ListRecord = {
  /** Where it starts, from 1. A record may span lines inside quotes. */
  readonly line: number;
  /** Without the white space around them; null for a line that is too long to be read. */
  readonly fields: readonly string[] | null;
};

/** What a field in quotes may span. A quote that is not closed within it is a slip of one line, and must not swallow those after it. */
const MOST_LINES = 20;

export async function* readRecords(chunks: AsyncIterable<string>): AsyncGenerator<ListRecord> {
  const lines: (string | null)[] = [];
  let start = 1;
  let separator: Separator | null = null;
  const take = (isEnd: boolean): ListRecord | null => {
    const [first] = lines;
    if (first === undefined) return null;
    if (first !== null) separator ??= findSeparator(first);
    const taken = first === null ? { lines: 1, fields: null } : takeRecord(lines, separator ?? ',', isEnd);
    if (taken === null) return null;
    const record = { line: start, fields: taken.fields };
    lines.splice(0, taken.lines);
    start += taken.lines;
    return record;
  };
  for await (const line of splitLines(chunks)) {
    // Spreadsheets say so in the first line, and nobody else.
    const said = start === 1 && lines.length === 0 ? /^sep=([,;\t|])$/i.exec(line ?? '')?.[1] : undefined;
    if (said !== undefined) {
      separator = said as Separator;
      start += 1;
      continue;
    }
    lines.push(line);
    for (let record = take(false); record !== null; record = take(false)) yield record;
  }
  for (let record = take(true); record !== null; record = take(true)) yield record;
}

/** The record that the lines begin with; null when the next line may still belong to it. */
function takeRecord(
  lines: readonly (string | null)[],
  separator: Separator,
  isEnd: boolean,
): { readonly lines: number; readonly fields: readonly string[] } | null {
  for (let count = 1; count <= lines.length; count += 1) {
    if (lines[count - 1] === null) break;
    const { quote, fields } = splitRecord(lines.slice(0, count).join('\n'), separator);
    if (quote === 'closed') return { lines: count, fields };
    if (quote === 'broken' || count === MOST_LINES) break;
    if (count === lines.length && !isEnd) return null;
  }
  return { lines: 1, fields: splitRecord(lines[0] ?? '', separator).fields };
}

type Separator = ',' | ';' | '\t' | '|';

/** The one a line has most of outside quotes: a list with semicolons may have commas in its names. */
function findSeparator(line: string): Separator | null {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = ([',', ';', '\t', '|'] as const).map((separator) => ({
    separator,
    count: bare.split(separator).length - 1,
  }));
  const [most] = counts.toSorted((a, b) => b.count - a.count);
  return most && most.count > 0 ? most.separator : null;
}

/** Only a field that starts with a quote is quoted (RFC 4180 §2.5): an apostrophe or inch mark elsewhere means nothing. */
const FIELDS: Readonly<Record<Separator, RegExp>> = {
  ',': /\s*"((?:[^"]|"")*)"\s*(?=,|$)|[^,]*/y,
  ';': /\s*"((?:[^"]|"")*)"\s*(?=;|$)|[^;]*/y,
  '\t': / *"((?:[^"]|"")*)" *(?=\t|$)|[^\t]*/y,
  '|': /\s*"((?:[^"]|"")*)"\s*(?=\||$)|[^|]*/y,
};
const OPEN_QUOTE = /\s*"(?:[^"]|"")*$/y;

type Split = { readonly quote: 'closed' | 'open' | 'broken'; readonly fields: readonly string[] };

/** `open`: the text ends inside quotes. `broken`: it has text after quotes that were closed; such fields are given as they stand. */
function splitRecord(text: string, separator: Separator): Split {
  if (!text.includes('"')) {
    return { quote: 'closed', fields: text.split(separator).map((field) => field.trim()) };
  }
  const fields: string[] = [];
  let quote: Split['quote'] = 'closed';
  for (let at = 0; at <= text.length; at += 1) {
    const pattern = FIELDS[separator];
    pattern.lastIndex = at;
    const [whole, quoted] = pattern.exec(text) ?? [''];
    if (quote === 'closed' && quoted === undefined && /^\s*"/.test(whole)) {
      OPEN_QUOTE.lastIndex = at;
      quote = OPEN_QUOTE.test(text) ? 'open' : 'broken';
    }
    fields.push((quoted?.replaceAll('""', '"') ?? whole).trim());
    at += whole.length;
  }
  return { quote, fields };
}
