/** A signing key as it goes to a process of our own, over the line between the two: never on a command line, in an environment or in a file. */
import { createPrivateKey } from 'node:crypto';
import type { SigningKey } from '../dkim/signing-key.ts';

/** `pkcs8`: DER (RFC 5958). */
export type PackedKey = Omit<SigningKey, 'key'> & { readonly pkcs8: Uint8Array };

export function packKey({ key, ...names }: SigningKey): PackedKey {
  return { ...names, pkcs8: key.export({ type: 'pkcs8', format: 'der' }) };
}

export function unpackKey({ pkcs8, ...names }: PackedKey): SigningKey {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), type: 'pkcs8', format: 'der' });
  return { ...names, key };
}
