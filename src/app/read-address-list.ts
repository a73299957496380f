/**
 * Reads a list of addresses, one a line or CSV with a header, as a stream: a file of any length takes the memory of one line.
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
      if (columns.isHeader) continue;
    }
    yield {
      line,
      text: fields[columns.address] ?? '',
      name: columns.name === null ? '' : (fields[columns.name] ?? ''),
    };
  }
}

type Columns = { readonly isHeader: boolean; readonly address: number; readonly name: number | null };

const ADDRESS_HEADERS = /^(?:e-?mail(?: ?address)?|address|subscriber)$/i;
const NAME_HEADERS = /^(?:(?:full |first )?name)$/i;

function findColumns(fields: readonly string[]): Columns {
  const address = fields.findIndex((field) => ADDRESS_HEADERS.test(field.trim()));
  if (address !== -1) {
    const name = fields.findIndex((field) => NAME_HEADERS.test(field.trim()));
    return { isHeader: true, address, name: name === -1 ? null : name };
  }
  return {
    isHeader: false,
    address: Math.max(
      0,
      fields.findIndex((field) => field.includes('@')),
    ),
    name: null,
  };
}

type CsvRecord = { readonly line: number; readonly fields: readonly string[] };

/** A record may span lines inside quotes; `line` is where it starts. A quote that is never closed ends with its line's file. */
async function* readRecords(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let pending = '';
  let start = 1;
  let line = 0;
  for await (const text of readLines(chunks)) {
    line += 1;
    pending = pending === '' ? text : `${pending}\n${text}`;
    if (hasOpenQuote(pending) && pending.length < 10_000) continue;
    yield { line: start, fields: splitRecord(pending) };
    pending = '';
    start = line + 1;
  }
  if (pending !== '') yield { line: start, fields: splitRecord(pending) };
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

/** Only a field that starts with a quote is quoted (RFC 4180 §2.5): an apostrophe or inch mark elsewhere means nothing. */
function hasOpenQuote(text: string): boolean {
  return /(?:^|[,;\t])"/.test(text) && (text.match(/"/g)?.length ?? 0) % 2 === 1;
}

function splitRecord(text: string): readonly string[] {
  const fields: string[] = [];
  for (const match of text.matchAll(/(?:^|[,;\t])(?:"((?:[^"]|"")*)"[^,;\t]*|([^,;\t]*))/g)) {
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
  }
  return fields;
}
