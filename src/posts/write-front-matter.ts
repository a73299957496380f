/**
 * Puts a post's recorded id and dates into its front matter, so that a fresh clone keeps them. Every other byte of the file stays, and
 * so does what readers see: a post in plain prose is marked `format: prose`.
 */
import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../domain/operator-error.ts';
import { hasHeadings } from './classify-lines.ts';
import { decodeExactly, decodeText, encodeExactly } from './decode-text.ts';
import type { Field } from './front-matter-field.ts';
import { parseFrontMatter } from './parse-front-matter.ts';
import { parseTranscriptLine } from './parse-transcript.ts';
import { readFileBytes, stampOf } from './read-file-bytes.ts';
import { splitFrontMatter } from './split-front-matter.ts';
import { isInside } from './walk-posts.ts';
import { replaceFile } from './write-whole-file.ts';

export type WriteFrontMatterOptions = {
  /** The publication's folder. */
  readonly root: string;
  /** The post's file below it. */
  readonly path: string;
  /**
   * Dates are ISO 8601 with an offset. A key the file has already is left as it is, but for `changed`, which is nobody's but ours: null where the
   * content never changed. It is not written where the author says when (`updated`).
   */
  readonly values: { readonly id: string; readonly date: string; readonly changed: string | null };
};

type Values = WriteFrontMatterOptions['values'];

export async function writeFrontMatter(options: WriteFrontMatterOptions): Promise<'written' | 'unchanged'> {
  const { root, path, values } = options;
  const file = realFile(root, path);
  const read = readFileBytes(file);
  const exact = read.kind === 'read' ? decodeExactly(read.bytes) : null;
  if (read.kind !== 'read' || !exact || decodeText(read.bytes).kind === 'refused')
    throw refuse(path, 'cannot be read');
  const text = insertFields(path, exact.text, values);
  if (text === null) return 'unchanged';
  const stats = statSync(file, { bigint: true });
  const isStillMeant = (): boolean => stampOf(statSync(file, { bigint: true })) === read.stamp;
  const isWritten = await replaceFile(
    file,
    encodeExactly({ ...exact, text }),
    Number(stats.mode) & 0o7777,
    isStillMeant,
  );
  if (!isWritten) throw refuse(path, 'was changed by somebody else meanwhile');
  return 'written';
}

/** A link is written through, as long as it stays in `posts/`. */
function realFile(root: string, path: string): string {
  const posts = join(root, 'posts');
  const file = realpathSync(join(root, path));
  if (!isInside(file, realpathSync(posts))) throw refuse(path, 'does not lie in posts/');
  return file;
}

/** The file's text with what it lacks, or null when it lacks nothing. */
function insertFields(path: string, text: string, values: Values): string | null {
  const lines = text.split(/\r\n?|\n/);
  const start = parseTranscriptLine(lines[0] ?? '') === null ? 0 : 1;
  const split = splitFrontMatter(lines, start);
  if (split.kind === 'refused') throw refuse(path, split.reason);
  const lineEnd = /\r\n?|\n/.exec(text)?.[0] ?? '\n';
  if (split.kind === 'none') {
    const format = hasHeadings(lines.slice(start)) ? [] : ['format: prose'];
    const block = ['---', ...renderFields(values), ...format, '---'];
    return insertLines(text, start, block, lineEnd);
  }
  const known = readFields(path, lines, split);
  const stale = findStale(lines, known, values);
  const kept = stale === null ? text : dropLine(text, stale);
  const fields = stale === null ? known : new Map([...known].filter(([key]) => key !== 'changed'));
  const missing = renderFields(values, fields);
  if (missing.length === 0) return null;
  const indent =
    /^ */.exec(lines.slice(split.first, split.end).find((line) => /^ *[^\s#]/.test(line)) ?? '')?.[0] ?? '';
  const written = insertLines(
    kept,
    split.first,
    missing.map((line) => indent + line),
    lineEnd,
  );
  verify(path, written, start, fields, missing.length);
  return written;
}

type Fields = ReadonlyMap<string, Field>;
type Yaml = { readonly first: number; readonly end: number };

function readFields(path: string, lines: readonly string[], { first, end }: Yaml): Fields {
  const parsed = parseFrontMatter(lines.slice(first, end).join('\n'), first + 1);
  if (parsed.kind === 'broken') throw refuse(path, parsed.reason);
  return parsed.fields;
}

/** JSON's strings are YAML's (YAML 1.2 §1.3); an ISO date needs no quotes. */
function renderFields({ id, date, changed }: Values, fields: Fields = new Map()): readonly string[] {
  const lines: readonly (readonly [string, string | null])[] = [
    ['id', JSON.stringify(id)],
    ['date', date],
    ['changed', changed],
  ];
  const isNeeded = (key: string): boolean =>
    !fields.has(key) && (key !== 'changed' || !fields.has('updated'));
  const missing = lines.filter(([key, value]) => value !== null && isNeeded(key));
  return missing.map(([key, value]) => `${key}: ${value}`);
}

/** The number, from 0, of a line of ours that says another time; null where there is none, or where it is not as we write it. */
function findStale(lines: readonly string[], fields: Fields, { changed }: Values): number | null {
  const field = fields.get('changed');
  if (!field || changed === null) return null;
  const isOurs = /^ *changed: \S+$/.test(lines[field.line - 1] ?? '');
  const isSame = field.value.kind === 'text' && field.value.text === changed;
  return isOurs && !isSame ? field.line - 1 : null;
}

function dropLine(text: string, line: number): string {
  return text.slice(0, offsetOfLine(text, line)) + text.slice(offsetOfLine(text, line + 1));
}

/** Before the line of that number, from 0. */
function insertLines(text: string, line: number, added: readonly string[], lineEnd: string): string {
  const offset = offsetOfLine(text, line);
  const isOnOwnLine = offset === 0 || /[\r\n]/.test(text.charAt(offset - 1));
  return `${text.slice(0, offset)}${isOnOwnLine ? '' : lineEnd}${added.join(lineEnd)}${lineEnd}${text.slice(offset)}`;
}

function offsetOfLine(text: string, line: number): number {
  const ends = /\r\n?|\n/g;
  for (let count = 0; count < line; count += 1) {
    if (!ends.exec(text)) return text.length;
  }
  return ends.lastIndex;
}

/** YAML has forms (a mapping in braces, say) that a line cannot be added to: then nothing is written. */
function verify(path: string, text: string, start: number, before: Fields, added: number): void {
  const lines = text.split(/\r\n?|\n/);
  const split = splitFrontMatter(lines, start);
  const yaml = split.kind === 'yaml' ? lines.slice(split.first, split.end).join('\n') : null;
  const after = yaml === null ? null : parseFrontMatter(yaml, 1);
  const values = (fields: Fields): string =>
    JSON.stringify([...before.keys()].map((key) => fields.get(key)?.value));
  const isSame =
    after?.kind === 'fields' &&
    after.fields.size === before.size + added &&
    values(after.fields) === values(before);
  if (!isSame) throw refuse(path, 'has front matter in a form that lines cannot be added to');
}

function refuse(path: string, reason: string): OperatorError {
  return new OperatorError(
    `${path}: ${reason}.`,
    'Nothing was written to it: write its id and date into it by hand, or run this again.',
  );
}
