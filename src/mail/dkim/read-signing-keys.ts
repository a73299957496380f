/** Reads the keys that the config names. */
import { readFile } from 'node:fs/promises';
import { type Address, type Mailbox } from '../../domain/address.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { readSigningKey, type SigningAlgorithm, type SigningKey } from './signing-key.ts';

export type KeyFile = {
  readonly selector: string;
  /** Absolute path of a private key in PEM. */
  readonly key: string;
};

export type KeyFiles = KeyFile & { readonly domain: string; readonly ed25519: KeyFile | null };

/** None without a setting; else the RSA key, and the Ed25519 key after it. Throws OperatorError for one that cannot be used. */
export async function readSigningKeys(files: KeyFiles | null, from: Mailbox): Promise<readonly SigningKey[]> {
  if (files === null) return [];
  const { domain, ed25519 } = files;
  const read = async (file: KeyFile, algorithm: SigningAlgorithm): Promise<SigningKey> =>
    await readKey(file, { domain, from: from.address, algorithm });
  const rsa = await read(files, 'rsa-sha256');
  if (ed25519 === null) return [rsa];
  const second = await read(ed25519, 'ed25519-sha256');
  if (second.selector !== rsa.selector) return [rsa, second];
  // RFC 6376 §3.6.2.2: what a receiver makes of two records under one name is undefined.
  throw new OperatorError(
    `Both DKIM keys have the selector ${rsa.selector}, and a name in DNS can hold only one of them.`,
    'Give dkim.ed25519.selector another name.',
  );
}

async function readKey(
  { selector, key: path }: KeyFile,
  rest: { readonly domain: string; readonly from: Address; readonly algorithm: SigningAlgorithm },
): Promise<SigningKey> {
  return readSigningKey({ pem: await readPem(path), selector, name: path, ...rest });
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const isMissing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
    throw new OperatorError(
      isMissing
        ? `There is no DKIM key ${path}.`
        : `The DKIM key ${path} cannot be read (${String(error.code)}).`,
      isMissing
        ? 'Put the key there, make one with `renga dkim new`, or take dkim out of the config: mail is then not signed by us.'
        : 'It must be a file that the user Renga runs as may read.',
      { cause: error },
    );
  }
}
