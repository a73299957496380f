/**
 * Tokens of links that are for one thing and, most of them, for a while: each names its purpose, a subject and a time, and cannot be forged or used for
 * another purpose. Whether it is too old is for the reader to say, by that time. The way out has a token of its own, which is for ever: `link-token.ts`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkKey } from './link-token.ts';

/**
 * What a token is good for, and what its subject is: `confirm` a sign-up, `undo` the leaving of a subscriber, `move` a change of address, `own-data`
 * of a subscriber, `form`: one of our own forms was drawn (subject 0).
 */
export type TokenPurpose = 'confirm' | 'undo' | 'move' | 'own-data' | 'form';

export type TokenClaim = {
  /** 0 … 2⁴⁸ − 1. */
  readonly subject: number;
  /** In whole seconds: when what it is about was asked for or happened. */
  readonly at: Temporal.Instant;
};

const VERSION = 2;
const HEAD_BYTES = 1 + 1 + 6 + 5;
const MAC_BYTES = 17;

/** Version, key id, subject (48 bits), seconds (40 bits) and 136 bits of HMAC-SHA256, as base64url: 40 characters, none to spare. */
export function renderPurposeToken(purpose: TokenPurpose, { subject, at }: TokenClaim, key: LinkKey): string {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(VERSION, 0);
  head.writeUInt8(key.id, 1);
  head.writeUIntBE(subject, 2, 6);
  head.writeUIntBE(Math.floor(at.epochMilliseconds / 1000), 8, 5);
  return Buffer.concat([head, macOf(purpose, head, key)]).toString('base64url');
}

/** Null for anything that none of `keys` signed for this purpose. */
export function parsePurposeToken(
  purpose: TokenPurpose,
  token: string,
  keys: readonly LinkKey[],
): TokenClaim | null {
  if (!/^[A-Za-z0-9_-]{40}$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const head = bytes.subarray(0, HEAD_BYTES);
  const key = keys.find((candidate) => candidate.id === head.readUInt8(1));
  if (head.readUInt8(0) !== VERSION || key === undefined) return null;
  if (!timingSafeEqual(bytes.subarray(HEAD_BYTES), macOf(purpose, head, key))) return null;
  const at = Temporal.Instant.fromEpochMilliseconds(head.readUIntBE(8, 5) * 1000);
  return { subject: head.readUIntBE(2, 6), at };
}

/** Whether it is no older than that, and not from the future. `duration` in hours and smaller units. */
export function isWithin(
  at: Temporal.Instant,
  duration: Temporal.DurationLike,
  now: Temporal.Instant,
): boolean {
  return Temporal.Instant.compare(at, now) <= 0 && Temporal.Instant.compare(at.add(duration), now) >= 0;
}

function macOf(purpose: TokenPurpose, head: Uint8Array, { secret }: LinkKey): Buffer {
  return createHmac('sha256', secret)
    .update(`renga ${purpose}\0`)
    .update(head)
    .digest()
    .subarray(0, MAC_BYTES);
}
