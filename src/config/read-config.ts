/** Reads a publication's config from its folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../domain/operator-error.ts';
import type { Config } from './config.ts';
import { CONFIG_PATH } from './mistake.ts';
import { type ConfigSource, parseConfig } from './parse-config.ts';

/**
 * Throws OperatorError when the file is missing, cannot be read, or has mistakes: each is named with its line and key, and none
 * of the file's values is repeated.
 */
export async function readConfig(source: Omit<ConfigSource, 'text'>): Promise<Config> {
  return parseConfig({ ...source, text: await readText(source.root) });
}

async function readText(root: string): Promise<string> {
  try {
    const bytes = await readFile(join(root, CONFIG_PATH));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new OperatorError(
      `There is no ${CONFIG_PATH} in this folder, so it is not a publication.`,
      'Make one with `renga init`, or name the right folder: `renga -C DIR …`.',
      { cause: error },
    );
  }
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new OperatorError(`${CONFIG_PATH} is not text in UTF-8.`, 'Save it again as UTF-8.', {
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'ELOOP') {
    return new OperatorError(`${CONFIG_PATH} cannot be read (${code}).`, 'It must be a file you may read.', {
      cause: error,
    });
  }
  return error;
}
