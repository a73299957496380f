/**
 * What a TypeScript file refers to: modules it imports in any way, and other source files it starts by URL (worker threads and
 * child processes). Type imports count: a layer that knows another's types knows that layer. To resolve a path is no import.
 */
import type { Token } from './read-tokens.ts';

export type Reference = {
  /** As written: `./x.ts`, `node:fs`, `@hono/node-server`; null when it is computed and cannot be known. */
  readonly specifier: string | null;
  readonly line: number;
};

export function readReferences(tokens: readonly Token[]): readonly Reference[] {
  const references: Reference[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || isMember(tokens, index)) continue;
    references.push(...readAt(tokens, index, token));
  }
  return references;
}

function readAt(tokens: readonly Token[], index: number, token: Token): readonly Reference[] {
  switch (token.text) {
    case 'import':
      return readImport(tokens, index);
    case 'export':
      return readExport(tokens, index);
    case 'require':
      return readCall(tokens, index + 1);
    case 'createRequire':
      return isPunctuation(tokens[index + 1], '(')
        ? readCall(tokens, closingBracket(tokens, index + 1) + 1)
        : [];
    case 'URL':
      return tokens[index - 1]?.text === 'new' ? readSourceUrls(tokens, index + 1) : [];
    default:
      return [];
  }
}

/** `x.import(…)` is somebody's method; `...import(…)` is not. */
function isMember(tokens: readonly Token[], index: number): boolean {
  return isPunctuation(tokens[index - 1], '.') && !isPunctuation(tokens[index - 2], '.');
}

function readImport(tokens: readonly Token[], index: number): readonly Reference[] {
  const next = tokens[index + 1];
  if (isPunctuation(next, '(')) return readCall(tokens, index + 1);
  if (isPunctuation(next, '.')) return [];
  if (next?.kind === 'string') return [{ specifier: next.text, line: next.line }];
  return readFrom(tokens, index + 1);
}

/** Only `export * …`, `export { …` and their type forms can name a module. */
function readExport(tokens: readonly Token[], index: number): readonly Reference[] {
  const start = tokens[index + 1]?.text === 'type' ? index + 2 : index + 1;
  const opens = tokens[start];
  if (isPunctuation(opens, '*')) return readFrom(tokens, start);
  if (!isPunctuation(opens, '{')) return [];
  const end = closingBracket(tokens, start);
  return tokens[end + 1]?.text === 'from' ? readFrom(tokens, end + 1) : [];
}

/** The string after the next `from`, within the statement. */
function readFrom(tokens: readonly Token[], start: number): readonly Reference[] {
  for (let index = start; index < tokens.length; index += 1) {
    const token = tokens[index];
    const next = tokens[index + 1];
    if (!token || isPunctuation(token, ';')) return [];
    if (token.text === 'from' && next?.kind === 'string') return [{ specifier: next.text, line: next.line }];
  }
  return [];
}

function readCall(tokens: readonly Token[], open: number): readonly Reference[] {
  if (!isPunctuation(tokens[open], '(')) return [];
  const argument = tokens[open + 1];
  const after = tokens[open + 2];
  if (!argument) return [];
  const isPlain = argument.kind === 'string' && (isPunctuation(after, ')') || isPunctuation(after, ','));
  return [{ specifier: isPlain ? argument.text : null, line: argument.line }];
}

/** Every `./x.ts` in the arguments of `new URL(…)`; other files found so are data. */
function readSourceUrls(tokens: readonly Token[], open: number): readonly Reference[] {
  if (!isPunctuation(tokens[open], '(')) return [];
  return tokens
    .slice(open + 1, closingBracket(tokens, open))
    .filter((token) => token.kind === 'string' && /^\.\.?\/.*\.ts$/.test(token.text))
    .map((token) => ({ specifier: token.text, line: token.line }));
}

function closingBracket(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'punctuation') continue;
    if ('([{'.includes(token.text) || token.text === '${') depth += 1;
    if (')]}'.includes(token.text)) depth -= 1;
    if (depth === 0) return index;
  }
  return tokens.length;
}

function isPunctuation(token: Token | undefined, text: string): boolean {
  return token?.kind === 'punctuation' && token.text === text;
}
