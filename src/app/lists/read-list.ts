/** A list of any known program, as a stream of those who are in it: each line is somebody, or named with the reason why not. */
import { decodeList, type ListEncoding } from './decode-list.ts';
import { EXPORT_COLUMNS, type ExportColumn, guardCell } from './export-columns.ts';
import { type Columns, findColumns } from './find-columns.ts';
import { type ListRecord, readRecords } from './read-records.ts';
import { type ReadOptions, type ReadRow, readRow } from './read-row.ts';
import { splitLines } from './split-lines.ts';

export type ListLine = ReadRow & { readonly line: number };

export type ListListener = {
  /** Once, before the first line of somebody. */
  readonly columns: (columns: Columns) => ReadOptions;
  readonly encoding: (encoding: ListEncoding) => void;
};

/** Empty lines and `#` comments are passed over. Throws OperatorError for what is no list. */
export async function* readList(
  chunks: AsyncIterable<Uint8Array>,
  listener: ListListener,
): AsyncGenerator<ListLine> {
  let columns: Columns | null = null;
  let options: ReadOptions | null = null;
  for await (const { line, fields } of readAnyRecords(decodeList(chunks, listener.encoding))) {
    if (fields === null) {
      yield { kind: 'refused', line, text: '', reason: 'it is longer than any line of a list' };
      continue;
    }
    if (fields.length === 1 && /^(?:#|$)/.test(fields[0] ?? '')) continue;
    if (columns === null || options === null) {
      columns = findColumns(fields);
      if (columns !== null) options = listener.columns(columns);
      if (columns?.isHeader) continue;
    }
    if (columns === null || options === null) {
      yield { kind: 'refused', line, text: fields[0] ?? '', reason: 'no column of it is an address' };
    } else yield { line, ...readRow(fields, columns, options) };
  }
}

/** JSON lines are those of our own export. */
async function* readAnyRecords(chunks: AsyncIterable<string>): AsyncGenerator<ListRecord> {
  const [head, whole] = await peek(chunks);
  yield* /^\s*\{/.test(head) ? readJsonLines(whole) : readRecords(whole);
}

async function* readJsonLines(chunks: AsyncIterable<string>): AsyncGenerator<ListRecord> {
  yield { line: 0, fields: EXPORT_COLUMNS };
  let line = 0;
  for await (const text of splitLines(chunks)) {
    line += 1;
    if (text === null || text.trim() !== '')
      yield { line, fields: text === null ? null : parseJsonLine(text) };
  }
}

/** The first text that is not empty, and all of it. */
async function peek(chunks: AsyncIterable<string>): Promise<readonly [string, AsyncIterable<string>]> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = '';
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    head += next.value;
    if (head.trim() !== '') break;
  }
  async function* all(): AsyncGenerator<string> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return [head, all()];
}

/** A line that is not JSON becomes one without an address, and is refused with its text. */
function parseJsonLine(text: string): readonly string[] {
  const value = readJson(text);
  return EXPORT_COLUMNS.map((column) => renderValue(value[column], column === 'address' ? text : ''));
}

function readJson(text: string): Readonly<Partial<Record<ExportColumn, unknown>>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Partial<Record<ExportColumn, unknown>>>;
  } catch {
    return {};
  }
}

function renderValue(value: unknown, missing: string): string {
  if (value === undefined || value === null) return missing;
  // As a cell has it: there the guard is taken off again.
  return typeof value === 'string' ? guardCell(value) : JSON.stringify(value);
}
