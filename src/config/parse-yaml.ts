/** YAML text → plain values and the line of each, or its mistakes. Aliases are expanded within limits; no tag makes anything. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { fillVariables } from './fill-variables.ts';
import type { Mistake } from './mistake.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type YamlReading =
  | {
      readonly kind: 'values';
      /** Keys without a value are left out, so that they get their default. */
      readonly values: unknown;
      /** One-based; of the nearest key above for one that is not there. */
      readonly lineOf: (path: readonly PropertyKey[]) => number;
      /** Variables that are not set: the values are still worth judging. */
      readonly mistakes: readonly Mistake[];
    }
  | { readonly kind: 'broken'; readonly mistakes: readonly Mistake[] };

/** The package's own words may quote the text they complain about, and that may be a secret: only its codes are used. */
const REASONS: Partial<Readonly<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'a value that begins with * must stand in quotes',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a value that begins with @ or ` must stand in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a value that contains ": " must stand in quotes',
  DUPLICATE_KEY: 'this key is there twice: remove one',
  MISSING_CHAR: 'something is not closed or not separated: a quote, a bracket, a comma or a colon',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing, or a value is not indented below its key',
  MULTIPLE_DOCS: 'there must be no second document below ---',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
};

export function parseYaml(text: string, environment: Environment): YamlReading {
  const lineCounter = new LineCounter();
  const lineAt = (offset: number): number => Math.max(lineCounter.linePos(offset).line, 1);
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  const broken = firstOfEachLine([...findLooseAliases(document, lineAt), ...findErrors(document, lineAt)]);
  if (broken.length > 0) return { kind: 'broken', mistakes: broken.slice(0, 3) };
  const mistakes = fillVariables(document, environment, lineAt);
  const values = toPlainValues(document);
  if (values === null) {
    return {
      kind: 'broken',
      mistakes: [{ line: 1, message: 'it expands to far more than it says: remove its aliases' }],
    };
  }
  return {
    kind: 'values',
    values: values.plain,
    lineOf: (path) => lineOfPath(document, path, lineAt),
    mistakes,
  };
}

/** What is broken once makes a parser complain about all that follows. */
function firstOfEachLine(mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.filter(({ line }, index) => mistakes.findIndex((other) => other.line === line) === index);
}

function findErrors(document: Document.Parsed, lineAt: (offset: number) => number): readonly Mistake[] {
  return document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    message: REASONS[error.code] ?? 'this line is not YAML: check its colons, quotes and indentation',
  }));
}

function findLooseAliases(document: Document.Parsed, lineAt: (offset: number) => number): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document)) return;
      const line = lineAt(alias.range?.[0] ?? 0);
      mistakes.push({ line, message: 'a value that begins with * must stand in quotes' });
    },
  });
  return mistakes;
}

/** Null for a bomb of aliases. */
function toPlainValues(document: Document.Parsed): { readonly plain: unknown } | null {
  try {
    return { plain: withoutEmpty(document.toJS({ maxAliasCount: 100 }) ?? {}, []) };
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError) return null;
    throw error;
  }
}

/** A key without a value is as good as none; but a series is there once it is named. */
function withoutEmpty(value: unknown, path: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutEmpty(item, [...path, '']));
  const kept = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const below = [...path, key];
    if (inner !== null) return [[key, withoutEmpty(inner, below)]];
    return path.length === 1 && path[0] === 'series' ? [[key, {}]] : [];
  });
  return Object.fromEntries(kept);
}

function lineOfPath(
  document: Document.Parsed,
  path: readonly PropertyKey[],
  lineAt: (offset: number) => number,
): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    const at: unknown = isAlias(node) ? node.resolve(document) : node;
    const found = stepInto(at, key);
    if (!found) break;
    offset = found.offset;
    node = found.value;
  }
  return lineAt(offset);
}

function stepInto(
  node: unknown,
  key: PropertyKey,
): { readonly offset: number; readonly value: unknown } | null {
  if (isSeq(node)) {
    const value: unknown = node.items[Number(key)];
    return isScalar(value) || isMap(value) || isSeq(value) ? { offset: value.range?.[0] ?? 0, value } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  return pair && isScalar(pair.key) ? { offset: pair.key.range?.[0] ?? 0, value: pair.value } : null;
}
