/**
 * Reads the texts of the server's pages and notices in the publication's language: Renga's own, each replaced by the publication's. What a translation
 * lacks is said in English, and told.
 */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../domain/cache.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { Problem } from '../domain/problem.ts';
import { isTextKey, openTexts, placesIn, type TextKey, TEXTS, type Texts } from '../domain/texts.ts';
import { ownFolder } from './own-folder.ts';

const OWN_FOLDER = ownFolder('templates/texts');

type Reading = { readonly words: ReadonlyMap<TextKey, string>; readonly problems: readonly Problem[] };

export type ReadTexts = {
  readonly texts: Texts;
  readonly problems: readonly Problem[];
  /** Reads the files again: from then on `texts` says what they say now, all of it. False when that is nothing new. Throws as `readTexts`, and changes nothing then. */
  readonly renew: () => Promise<boolean>;
};

/** What was read of a file before: parsing YAML takes longer than all else about the texts. */
type Kept = Pick<Cache, 'get' | 'put'>;

const NOTHING_KEPT: Kept = { get: () => null, put: () => undefined };

/** Throws OperatorError for a file of the publication that cannot be read as YAML in UTF-8. */
export async function readTexts(
  root: string,
  language: string,
  kept: Kept = NOTHING_KEPT,
): Promise<ReadTexts> {
  const { words, problems, isWritten } = await readWords({ root, kept }, language);
  const inUse = new Map(words);
  return {
    texts: openTexts(isWritten ? language : 'en', inUse),
    problems,
    renew: async () => {
      const found = (await readWords({ root, kept }, language)).words;
      if ([...found].every(([key, text]) => inUse.get(key) === text)) return false;
      for (const [key, text] of found) inUse.set(key, text);
      return true;
    },
  };
}

type Words = Reading & {
  /** Whether any is in the language that was asked for. */
  readonly isWritten: boolean;
};

type Place = { readonly root: string; readonly kept: Kept };

async function readWords(place: Place, language: string): Promise<Words> {
  const readOwn = async (name: string): Promise<Reading | null> =>
    await readFileOf(place.kept, join(OWN_FOLDER, `${name}.yaml`), `texts/${name}.yaml`);
  const english = await readOwn('en');
  const files = [
    await firstOf(namesOf(language), readOwn),
    await firstOf(namesOf(language), async (name) => await readTheirs(place, name)),
  ].filter((file) => file !== null);
  const words = new Map(files.flatMap(({ found }) => [...found.words]));
  const missing = Object.keys(TEXTS).filter((key) => isTextKey(key) && !words.has(key));
  const problems = files.flatMap(({ found }) => found.problems);
  if (missing.length > 0) problems.push(describeMissing(language, files.at(-1)?.name, missing));
  const isWritten = words.size > 0;
  return { words: new Map([...(english?.words ?? []), ...words]), problems, isWritten };
}

/** `pt-BR` may be told in `pt`. */
function namesOf(language: string): readonly string[] {
  return [...new Set([language, language.split('-')[0] ?? language])];
}

async function firstOf(
  names: readonly string[],
  read: (name: string) => Promise<Reading | null>,
): Promise<{ readonly name: string; readonly found: Reading } | null> {
  for (const name of names) {
    const found = await read(name);
    if (found) return { name, found };
  }
  return null;
}

async function readTheirs({ root, kept }: Place, name: string): Promise<Reading | null> {
  const path = `templates/texts/${name}.yaml`;
  return await readFileOf(kept, join(root, path), path);
}

async function readFileOf(kept: Kept, file: string, path: string): Promise<Reading | null> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw refuse(
      path,
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not text in UTF-8' : code,
      error,
    );
  }
  return recall(kept, path, text) ?? keep(kept, path, text, await parse(text, path));
}

async function parse(text: string, path: string): Promise<Reading> {
  const { parseYaml } = await import('./parse-yaml.ts');
  const reading = parseYaml(text, {});
  const [mistake] = reading.mistakes;
  if (reading.kind === 'broken') {
    throw refuse(`${path}, line ${mistake?.line ?? 1}`, mistake?.message ?? 'it is not YAML', null);
  }
  return judge(reading.values, path, reading.lineOf);
}

const KIND = 'texts';
/** Counted up whenever a file is read otherwise than before. */
const FORM = 1;

const markOf = (text: string): string => hash('sha256', `${FORM}\n${JSON.stringify(TEXTS)}\n${text}`);

/** What the same text gave before, under the same path. */
function recall(kept: Kept, path: string, text: string): Reading | null {
  const value = kept.get(KIND, path);
  if (value === null) return null;
  const { mark, words, problems } = JSON.parse(value) as {
    readonly mark: string;
    readonly words: readonly (readonly [TextKey, string])[];
    readonly problems: Reading['problems'];
  };
  return mark === markOf(text) ? { words: new Map(words), problems } : null;
}

function keep(kept: Kept, path: string, text: string, reading: Reading): Reading {
  const value = JSON.stringify({ mark: markOf(text), ...reading, words: [...reading.words] });
  kept.put(KIND, new Map([[path, value]]));
  return reading;
}

function refuse(place: string, reason: string, cause: unknown): OperatorError {
  const hint = 'Correct it, or remove it to use the texts Renga brings.';
  return new OperatorError(`${place} cannot be read: ${reason}.`, hint, { cause });
}

function judge(values: unknown, path: string, lineOf: (path: readonly PropertyKey[]) => number): Reading {
  const words = new Map<TextKey, string>();
  const problems: Problem[] = [];
  for (const { keys, value } of flatten(values, [])) {
    const key = keys.join('.');
    const fault = findFault(key, value);
    if (fault === null && isTextKey(key)) words.set(key, String(value).replace(/\s+/gu, ' ').trim());
    else problems.push({ severity: 'warning', path, line: lineOf(keys), message: `${key}: ${fault ?? ''}` });
  }
  return { words, problems };
}

function findFault(key: string, value: unknown): string | null {
  if (!isTextKey(key)) return 'there is no such text, so it is not used';
  if (typeof value !== 'string') return 'must be text (a number or true needs quotes), so it is not used';
  const known: readonly string[] = TEXTS[key];
  const strange = placesIn(value).find((place) => !known.includes(place));
  return strange === undefined ? null : `{${strange}} is not filled in here, so this text is not used`;
}

function flatten(
  value: unknown,
  keys: readonly string[],
): readonly { readonly keys: readonly string[]; readonly value: unknown }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ keys, value }];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, [...keys, key]));
}

function describeMissing(language: string, name: string | undefined, missing: readonly string[]): Problem {
  const path = `templates/texts/${name ?? language}.yaml`;
  const some = `${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}`;
  const message =
    name === undefined
      ? `there are no texts in ${language}, so the server's pages and notices are in English`
      : `there is no text for ${some}, so English stands there`;
  return { severity: name === undefined ? 'hint' : 'warning', path, line: null, message };
}
