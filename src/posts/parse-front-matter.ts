/**
 * YAML text → the fields of a post's front matter. YAML 1.2 core, read as nodes and never as objects: so no tag makes anything, no
 * alias is expanded, and `__proto__` is a key like any other. The one door to the package `yaml`.
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { Field, FieldValue } from './front-matter-field.ts';
import { readPlainFields } from './read-plain-fields.ts';

export type ParsedFrontMatter =
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Field> }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string };

/** No honest front matter is longer, and what the YAML parser does with a hostile one stays short. */
const LONGEST = 64 * 1024;

/** `firstLine` is the one-based line of the file that the text begins on. */
export function parseFrontMatter(text: string, firstLine: number): ParsedFrontMatter {
  if (text.length > LONGEST) return broken(firstLine, 'front matter is longer than 64 kB: shorten it');
  const fields = readPlainFields(text, firstLine);
  return fields ? { kind: 'fields', fields } : parseYaml(text, firstLine);
}

/** The same by the package alone, whatever the text. */
export function parseYaml(text: string, firstLine: number): ParsedFrontMatter {
  const lineCounter = new LineCounter();
  const lineAt = (offset: number): number => firstLine + Math.max(lineCounter.linePos(offset).line, 1) - 1;
  const document = composeDocument(text, lineCounter);
  const [error] = document?.errors ?? [];
  if (!document || error?.message.startsWith('Maximum call stack')) {
    return broken(firstLine, 'front matter is nested too deeply: make it flatter');
  }
  if (error) return broken(lineAt(error.pos[0]), `front matter is not valid YAML: ${oneLine(error.message)}`);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return { kind: 'fields', fields: new Map() };
  if (!isMap(contents)) return broken(firstLine, 'front matter must be lines of "key: value"');
  return collectFields(contents.items, lineAt);
}

function composeDocument(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    // The package's own check for equal keys compares each with each; `collectFields` does it in one pass.
    return parseDocument(text, {
      lineCounter,
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function collectFields(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  lineAt: (offset: number) => number,
): ParsedFrontMatter {
  const fields = new Map<string, Field>();
  for (const { key, value } of pairs) {
    if (!isScalar(key) || key.value === null) continue;
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
    const line = lineAt(key.range?.[0] ?? 0);
    const earlier = fields.get(name);
    if (earlier)
      return broken(
        line,
        `front matter has "${oneLine(name)}" twice, first on line ${earlier.line}: remove one`,
      );
    fields.set(name, { line, value: readValue(value, 0) });
  }
  return { kind: 'fields', fields };
}

function readValue(node: unknown, depth: number): FieldValue {
  if (node === null || node === undefined) return { kind: 'empty' };
  if (isScalar(node)) {
    if (isForeignTag(node.tag)) return { kind: 'other', what: `a value tagged ${oneLine(node.tag ?? '')}` };
    if (node.value === null) return { kind: 'empty' };
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    return { kind: 'text', text };
  }
  if (isSeq(node)) {
    if (depth > 0) return { kind: 'other', what: 'a list in a list' };
    return { kind: 'list', items: node.items.map((item) => readValue(item, depth + 1)) };
  }
  return { kind: 'other', what: isMap(node) ? 'a mapping' : 'an alias' };
}

function isForeignTag(tag: string | undefined): boolean {
  return tag !== undefined && !/^tag:yaml\.org,2002:(?:str|int|float|bool|null)$/.test(tag);
}

/** The parser's words quote the text they complain about. */
function oneLine(message: string): string {
  const line = message
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function broken(line: number, reason: string): ParsedFrontMatter {
  return { kind: 'broken', line, reason };
}
