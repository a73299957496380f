/** Reads a publication's config from its folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../domain/operator-error.ts';
import type { Config } from './config.ts';
import { CONFIG_PATH } from './mistake.ts';
import type { ConfigSource } from './parse-config.ts';
import { type ConfigBook, hasSecret, keepConfig, recallConfig } from './recall-config.ts';

/**
 * Throws OperatorError when the file is missing, cannot be read, or has mistakes: each is named with its line and key, and none
 * of the file's values is repeated.
 */
export async function readConfig(source: Omit<ConfigSource, 'text'>): Promise<Config> {
  return await understandConfig({ ...source, text: await readConfigText(source.root) }, null);
}

/** The config that a text says; `book`, where there is one, knows it from the last time. Throws as `readConfig`. */
export async function understandConfig(source: ConfigSource, book: ConfigBook | null): Promise<Config> {
  const known = book && recallConfig(book, source);
  if (known) return known;
  // Loaded here: most runs find their config as it was.
  const { parseConfig } = await import('./parse-config.ts');
  const config = parseConfig(source);
  if (book && !hasSecret(config) && isRightAnywhere(source, parseConfig)) keepConfig(book, source, config);
  return config;
}

/** What is right without the environment has nothing of it, and so no secret. */
function isRightAnywhere(source: ConfigSource, parse: (source: ConfigSource) => Config): boolean {
  if (!source.text.includes('${')) return true;
  try {
    parse({ ...source, environment: {} });
    return true;
  } catch {
    return false;
  }
}

/** Throws OperatorError when the file is missing, or cannot be read as UTF-8. */
export async function readConfigText(root: string): Promise<string> {
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
