/**
 * Signs the copies of one digest (RFC 6376, 8463), cheaply: what all copies share is brought into canonical form once, and hashed once as far as the
 * first slot of the body. Plain data and keys in, text out: it may be opened in any thread.
 */
import { hash, sign } from 'node:crypto';
import type { Seal } from '../../domain/message.ts';
import type { PreparedMime } from '../personalise.ts';
import { openBodyHash } from './hash-body.ts';
import { openSignedHead } from './sign-head.ts';
import { prepareSignatureField } from './signature-field.ts';
import type { SigningKey } from './signing-key.ts';
import { splitMime, type SlotValues } from './split-mime.ts';

export type Signer = {
  /**
   * The seal of one copy: a field for each key, in the order of the keys, to stand before the first byte of the message. The same for the same values
   * and keys. Throws where there is no key: a message is never unsigned by accident.
   */
  readonly sign: (values: SlotValues) => Seal;
  /**
   * What the seal of this copy is made over. It needs no key and depends on none, so a copy whose key was rotated since is held against its kept
   * seal by these two, and then takes that seal's fields word for word.
   */
  readonly hash: (values: SlotValues) => Pick<Seal, 'bodyHash' | 'headHash'>;
};

/** Throws for bytes that are no compiled message, or where a field that is signed stands twice. */
export function openSigner(mime: PreparedMime, keys: readonly SigningKey[]): Signer {
  const { head, body } = splitMime(mime);
  const hashBody = openBodyHash(body);
  const composeHead = openSignedHead(head);
  const signatures = keys.map((key) => ({ key, field: prepareSignatureField(key) }));
  const read = (values: SlotValues): Pick<Seal, 'bodyHash' | 'headHash'> & { readonly signed: string } => {
    const signed = composeHead(values);
    return {
      signed,
      bodyHash: hashBody(values),
      headHash: hash('sha256', Buffer.from(signed, 'latin1'), 'base64'),
    };
  };
  return {
    sign: (values) => {
      if (signatures.length === 0) throw new Error('There is no key to sign with');
      const { signed, bodyHash, headHash } = read(values);
      const fields = signatures.map(({ key, field }) => {
        const data = Buffer.from(signed + field.signedForm(bodyHash), 'latin1');
        return field.render(bodyHash, signData(data, key).toString('base64'));
      });
      return { fields: fields.join(''), bodyHash, headHash };
    },
    hash: (values) => {
      const { bodyHash, headHash } = read(values);
      return { bodyHash, headHash };
    },
  };
}

function signData(data: Uint8Array, { algorithm, key }: SigningKey): Buffer {
  // RFC 8463 §3: Ed25519 signs the SHA-256 of the data; RFC 6376 §3.3.1: RSA (PKCS #1 v1.5) hashes by itself.
  return algorithm === 'ed25519-sha256'
    ? sign(null, hash('sha256', data, 'buffer'), key)
    : sign('sha256', data, key);
}
