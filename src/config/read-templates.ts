/** Reads the templates: those Renga brings, each replaced by the publication's own of the same name. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../domain/operator-error.ts';
import { ownFolder } from './own-folder.ts';

export type TemplateFile = {
  readonly text: string;
  /** As a person finds it: `templates/digest.mjml` in the publication, or the whole path of Renga's own. */
  readonly path: string;
};

const OWN_FOLDER = ownFolder('templates');

/** By file name. The publication need not have a folder `templates/`; what it has beyond our names is there for its own templates. */
export async function readTemplates({
  root,
}: {
  readonly root: string;
}): Promise<ReadonlyMap<string, TemplateFile>> {
  const own = await readFolder(OWN_FOLDER, (name) => join(OWN_FOLDER, name));
  const theirs = await readFolder(join(root, 'templates'), (name) => `templates/${name}`);
  const names = new Set(own.map(([name]) => name));
  for (const [name, template] of theirs) if (names.has(name)) refuseNothing(name, template);
  return new Map([...own, ...theirs]);
}

/** Some editors empty a file before they write it; and nobody wants a page or a mail that says nothing. Style and script may well be. */
function refuseNothing(name: string, { text, path }: TemplateFile): void {
  if (!/\.(?:liquid|mjml)$/.test(name) || text.trim() !== '') return;
  const hint = 'Write what it should say, or remove it to use the one Renga brings.';
  throw new OperatorError(`${path} is empty.`, hint);
}

async function readFolder(
  folder: string,
  pathOf: (name: string) => string,
): Promise<readonly (readonly [string, TemplateFile])[]> {
  const names = (await listNames(folder)).filter((name) => !/^[.]|~$/.test(name)).toSorted();
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readTemplate(join(folder, name), pathOf(name));
      return text === null ? [] : [[name, { text, path: pathOf(name) }] as const];
    }),
  );
  return files.flat();
}

async function listNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw refuse('templates/', error);
  }
}

/** Null for what is no file: a folder, a pipe. */
async function readTemplate(file: string, path: string): Promise<string | null> {
  try {
    if (!(await stat(file)).isFile()) return null;
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    throw refuse(path, error);
  }
}

function refuse(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not text in UTF-8' : code;
  return new OperatorError(
    `${path} cannot be read: ${reason}.`,
    'Correct it, or remove it to use the one Renga brings.',
    {
      cause: error,
    },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
