/** Makes a new signing key in a file that only its owner can read. Nothing is ever written over. */
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../domain/operator-error.ts';
import { checkSelector, type SigningAlgorithm, type SigningKey } from './signing-key.ts';

/** Below the publication's folder. */
const KEY_FOLDER = 'config/dkim';

export type KeyRequest = {
  /** The publication's folder. */
  readonly root: string;
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: SigningAlgorithm;
  /** Length of an RSA key. */
  readonly bits: number;
};

export type MadeKey = {
  readonly key: SigningKey;
  /** Path below the publication's folder. */
  readonly file: string;
};

const makePair = promisify(generateKeyPair);

/** `config/dkim/SELECTOR.pem`, on disk when this resolves. Throws OperatorError where there is such a file, or the selector is none. */
export async function makeKeyFile(request: KeyRequest): Promise<MadeKey> {
  const { root, domain, algorithm, bits } = request;
  checkSelector(request.selector);
  const selector = request.selector.toLowerCase();
  const file = `${KEY_FOLDER}/${selector}.pem`;
  const folder = resolve(root, KEY_FOLDER);
  try {
    await mkdir(folder, { recursive: true });
    await keepOutOfGit(folder);
    const key = await createKey(join(folder, `${selector}.pem`), algorithm, bits);
    return { key: { domain, selector, algorithm, key }, file };
  } catch (error) {
    throw explain(error, file);
  }
}

/** A publication is often a repository, and a key that was pushed once is everybody's. */
async function keepOutOfGit(folder: string): Promise<void> {
  try {
    await writeFile(join(folder, '.gitignore'), '*.pem\n', { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

async function createKey(path: string, algorithm: SigningAlgorithm, bits: number): Promise<KeyObject> {
  // The file first: where there is one, no key is made.
  const file = await open(path, 'wx', 0o600);
  try {
    const { privateKey } =
      algorithm === 'rsa-sha256' ? await makePair('rsa', { modulusLength: bits }) : await makePair('ed25519');
    await file.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await file.sync();
    return privateKey;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function explain(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const isThere = code === 'EEXIST' && syscallOf(error) === 'open';
  const message = isThere
    ? `There is a key ${file} already; it was left as it is.`
    : `The key ${file} cannot be written (${code}).`;
  const hint = isThere
    ? 'Give the new one a name: --selector NAME.'
    : `Make sure that ${KEY_FOLDER} is a folder you may write to, and that the disk is not full.`;
  return new OperatorError(message, hint, { cause: error });
}

/** Of what the system refused; a key that cannot be made has a code too, and is our mistake. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined;
}

function syscallOf(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error ? error.syscall : undefined;
}
