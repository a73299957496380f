/** Makes a folder a publication: a config, a first post, and nothing over what is there already. */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OperatorError } from '../domain/operator-error.ts';
import { CONFIG_PATH } from './mistake.ts';
import { parseConfig } from './parse-config.ts';
import { type Answers, composeStarter, STARTER_POST_PATH } from './starter-texts.ts';

/** What was answered; the rest gets a default: the title is the folder's name, dates are in UTC. */
export type InitAnswers = { readonly [Key in keyof Answers]?: string | undefined };

/**
 * Answers the paths of the files it made, below `dir`, which need not exist yet. Throws OperatorError when `dir` has a config, or
 * when an answer cannot be used; then nothing was made.
 */
export async function initPublication(
  dir: string,
  answers: InitAnswers,
  now: Temporal.Instant,
): Promise<readonly string[]> {
  const complete = completeAnswers(dir, answers);
  const hasPosts = await hasEntries(join(dir, 'posts'));
  const files = composeStarter(complete, { today: dayIn(complete.zone, now), hasPosts });
  checkAnswers(dir, files.find(({ path }) => path === CONFIG_PATH)?.text ?? '');
  if (await exists(join(dir, CONFIG_PATH))) return refuse(dir);
  const made: string[] = [];
  for (const { path, text } of files) {
    const isWanted = path !== STARTER_POST_PATH || !hasPosts;
    if (isWanted && (await createText(join(dir, path), text))) made.push(path);
  }
  // Somebody else's config came to be meanwhile: theirs stands.
  return made.includes(CONFIG_PATH) ? made : refuse(dir);
}

function completeAnswers(dir: string, answers: InitAnswers): Answers {
  const given = (text: string | undefined): string | null => text?.trim() || null;
  return {
    title: given(answers.title) ?? titleFrom(dir),
    author: given(answers.author),
    url: given(answers.url),
    from: given(answers.from),
    zone: given(answers.zone) ?? 'UTC',
  };
}

/** A zone that there is not is refused with the config that would hold it. */
function dayIn(zone: string, now: Temporal.Instant): Temporal.PlainDate {
  try {
    return now.toZonedDateTimeISO(zone).toPlainDate();
  } catch {
    return now.toZonedDateTimeISO('UTC').toPlainDate();
  }
}

/** `my-blog` → `My blog`. */
function titleFrom(dir: string): string {
  const words = basename(resolve(dir))
    .replace(/[-_\s]+/g, ' ')
    .replace(/[\p{Cc}$]/gu, '')
    .trim();
  return words === '' ? 'My publication' : words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a person answered is judged as the config that will hold it: the same rules, the same words. */
function checkAnswers(dir: string, text: string): void {
  try {
    parseConfig({ text, root: resolve(dir), environment: {} });
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const reasons = error.message.replace(/^[^:\n]+:\d+: /gm, '');
    throw new OperatorError(reasons, 'Nothing was made: answer again.', { cause: error });
  }
}

function refuse(dir: string): never {
  throw new OperatorError(
    `${dir} is a publication already: it has ${CONFIG_PATH}.`,
    'Change that file, or choose another folder.',
  );
}

async function exists(file: string): Promise<boolean> {
  return (await answerOf(stat(file), dirname(dirname(file)))) !== null;
}

async function hasEntries(folder: string): Promise<boolean> {
  return ((await answerOf(readdir(folder), folder)) ?? []).length > 0;
}

/** Null for what is not there. */
async function answerOf<T>(asked: Promise<T>, place: string): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw explain(error, place);
  }
}

/** False, and nothing changed, when there is something by that name. A file that could not be written to its end is removed. */
async function createText(file: string, text: string): Promise<boolean> {
  await makeFolder(dirname(file));
  try {
    await writeFile(file, text, { flag: 'wx', flush: true });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (codeOf(error) === 'ENOSPC') await rm(file, { force: true });
    throw explain(error, dirname(file));
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw explain(error, folder);
  }
}

function explain(error: unknown, place: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const hint = 'Choose a folder you may write to.';
  return new OperatorError(`A publication cannot be made in ${place} (${code}).`, hint, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
