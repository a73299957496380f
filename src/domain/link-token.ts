/**
 * The token of a personal link. It names a subscriber and cannot be forged (RFC 8058 §3.1); it never expires, and the key it was
 * signed with is named in it, so that keys can be rotated and mails from years ago still work.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

export type LinkKey = {
  /** 0 … 255. */
  readonly id: number;
  /** 32 random bytes. */
  readonly secret: Uint8Array;
};

const VERSION = 1;
const HEAD_BYTES = 1 + 1 + 6;
const MAC_BYTES = 18;

/** Subscriber → token: version, key id, subscriber (48 bits) and 144 bits of HMAC-SHA256, as base64url: 35 characters. */
export function renderLinkToken(subscriber: number, key: LinkKey): string {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(VERSION, 0);
  head.writeUInt8(key.id, 1);
  head.writeUIntBE(subscriber, 2, 6);
  return Buffer.concat([head, macOf(head, key)]).toString('base64url');
}

/** Token → subscriber, or null for anything that none of `keys` signed. */
export function parseLinkToken(token: string, keys: readonly LinkKey[]): number | null {
  if (!/^[A-Za-z0-9_-]{35}$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  // RFC 4648 §3.5: the last character has two bits to spare; only one of its four spellings is the token.
  if (bytes.toString('base64url') !== token) return null;
  const head = bytes.subarray(0, HEAD_BYTES);
  const key = keys.find((candidate) => candidate.id === head.readUInt8(1));
  if (head.readUInt8(0) !== VERSION || key === undefined) return null;
  return timingSafeEqual(bytes.subarray(HEAD_BYTES), macOf(head, key)) ? head.readUIntBE(2, 6) : null;
}

/** Made ready once: a digest signs as many links as it has readers. */
const readyKeys = new WeakMap<LinkKey, KeyObject>();

function macOf(head: Uint8Array, key: LinkKey): Buffer {
  let ready = readyKeys.get(key);
  if (!ready) readyKeys.set(key, (ready = createSecretKey(key.secret)));
  return createHmac('sha256', ready).update('unsubscribe').update(head).digest().subarray(0, MAC_BYTES);
}
