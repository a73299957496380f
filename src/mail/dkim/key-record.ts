/** The public half of a key as receivers find it: a TXT record (RFC 6376 §3.6.1, RFC 8463 §4). */
import { createPublicKey } from 'node:crypto';
import type { SigningKey } from './signing-key.ts';

/** RFC 1035 §3.3: a character-string of a TXT record has at most 255 octets; receivers join them without a space. */
const STRING_LENGTH = 255;

export type KeyRecord = {
  /** `renga-2026-11._domainkey.example.org`, without a dot at the end. */
  readonly name: string;
  readonly value: string;
  /** The value in strings that one record can hold. */
  readonly strings: readonly string[];
};

export function composeKeyRecord({ selector, domain, algorithm, key }: SigningKey): KeyRecord {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  // RFC 8463 §4: the 32 octets of the key alone, which end its DER; RSA goes whole.
  const [type, bytes] = algorithm === 'rsa-sha256' ? ['rsa', der] : ['ed25519', der.subarray(-32)];
  const value = `v=DKIM1; k=${type}; p=${bytes.toString('base64')}`;
  return {
    name: `${selector}._domainkey.${domain}`,
    value,
    strings: value.match(new RegExp(`.{1,${STRING_LENGTH}}`, 'g')) ?? [],
  };
}
