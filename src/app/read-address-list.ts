/**
 * Reads a list of addresses, one a line or CSV with a header, as a stream: a file of any length takes the memory of one record.
 * CSV as RFC 4180 has it, with comma, semicolon or tab; which column holds the address is found by its name or by its content.
 */
import type { ListLine } from './add-subscribers.ts';

/** Chunks of text → lines with an address each; empty lines and `#` comments are passed over. */
export async function* readAddressList(chunks: AsyncIterable<string>): AsyncGenerator<ListLine> {
  let columns: Columns | null = null;
  for await (const { line, fields } of readRecords(chunks)) {
    if (fields.length === 1 && /^\s*(?:#|$)/.test(fields[0] ?? '')) continue;
    if (columns === null) {
      columns = findColumns(fields);
      if (columns?.isHeader) continue;
    }
    const { address, name } = columns ?? FIRST_COLUMN;
    yield { line, text: fields[address] ?? '', name: name === null ? '' : (fields[name] ?? '') };
  }
}

type Columns = { readonly isHeader: boolean; readonly address: number; readonly name: number | null };

const FIRST_COLUMN: Columns = { isHeader: false, address: 0, name: null };
const ADDRESS_HEADERS = /^(?:e-?mail(?: ?address)?|address|subscriber)$/i;
const NAME_HEADERS = /^(?:(?:full |first )?name)$/i;

/** Null for a record that tells nothing, such as a header in words of its own: a later one will. */
function findColumns(fields: readonly string[]): Columns | null {
  const address = fields.findIndex((field) => ADDRESS_HEADERS.test(field.trim()));
  if (address !== -1) {
    const name = fields.findIndex((field) => NAME_HEADERS.test(field.trim()));
    return { isHeader: true, address, name: name === -1 ? null : name };
  }
  const likely = fields.findIndex((field) => field.includes('@'));
  return likely === -1 ? null : { isHeader: false, address: likely, name: null };
}

type CsvRecord = { readonly line: number; readonly fields: readonly string[] };

/** What a field in quotes may span. A quote that is not closed within it is a slip of one line, and must not swallow those after it. */
const MOST_LINES = 20;

/** A record may span lines inside quotes; `line` is where it starts. */
async function* readRecords(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const lines: string[] = [];
  let start = 1;
  let separator: Separator | null = null;
  const take = (isEnd: boolean): CsvRecord | null => {
    const [first] = lines;
    if (first === undefined) return null;
    separator ??= findSeparator(first);
    const taken = takeRecord(lines, separator ?? ',', isEnd);
    if (taken === null) return null;
    const record = { line: start, fields: taken.fields };
    lines.splice(0, taken.lines);
    start += taken.lines;
    return record;
  };
  for await (const text of readLines(chunks)) {
    lines.push(text);
    for (let record = take(false); record !== null; record = take(false)) yield record;
  }
  for (let record = take(true); record !== null; record = take(true)) yield record;
}

/** The record that the lines begin with; null when the next line may still belong to it. */
function takeRecord(
  lines: readonly string[],
  separator: Separator,
  isEnd: boolean,
): { readonly lines: number; readonly fields: readonly string[] } | null {
  for (let count = 1; count <= lines.length; count += 1) {
    const { quote, fields } = splitRecord(lines.slice(0, count).join('\n'), separator);
    if (quote === 'closed') return { lines: count, fields };
    if (quote === 'broken' || count === MOST_LINES) break;
    if (count === lines.length && !isEnd) return null;
  }
  return { lines: 1, fields: splitRecord(lines[0] ?? '', separator).fields };
}

async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = rest + (isFirst ? chunk.replace(/^\uFEFF/, '') : chunk);
    isFirst = false;
    const lines = text.split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

type Separator = ',' | ';' | '\t';

/** The one a line has most of outside quotes: a list with semicolons may have commas in its names. */
function findSeparator(line: string): Separator | null {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = ([',', ';', '\t'] as const).map((separator) => ({
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
};
const OPEN_QUOTE = /\s*"(?:[^"]|"")*$/y;

type Split = { readonly quote: 'closed' | 'open' | 'broken'; readonly fields: readonly string[] };

/** `open`: the text ends inside quotes. `broken`: it has text after quotes that were closed; such fields are given as they stand. */
function splitRecord(text: string, separator: Separator): Split {
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
