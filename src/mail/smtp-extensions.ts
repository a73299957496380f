/** What a server offers in its answer to EHLO, and which messages it therefore cannot take. */
import { isAscii } from 'node:buffer';
import type { Outcome } from '../domain/delivery.ts';
import { type Message, sizeOf } from '../domain/message.ts';
import { rememberLarge } from './large-parts.ts';

/** Keyword in upper case → its parameters. Empty for a server that only knows HELO. */
export type Extensions = ReadonlyMap<string, string>;

/** RFC 5321 §4.1.1.1: a keyword on each line after the first. */
export function parseExtensions(reply: string): Extensions {
  const lines = reply.split(/\r?\n/).slice(1);
  return new Map(
    lines.map((line): [string, string] => {
      const [keyword = '', ...parameters] = line
        .slice(4)
        .trim()
        .split(/[\s=]+/);
      return [keyword.toUpperCase(), parameters.join(' ')];
    }),
  );
}

/** Whether the message has bytes beyond ASCII: only the header of one to an address that has them. */
export function needsEightBits(message: Message): boolean {
  return !message.parts.every(isAsciiPart);
}

const isAsciiPart = rememberLarge(isAscii);

/**
 * Why this server cannot take this message, or null. Not even tried then: a message too large for the server is about us, for so is every
 * copy of it; an address beyond ASCII where the server does not know SMTPUTF8 (RFC 6531 §3.1) is about that subscriber.
 */
export function findObstacle(message: Message, extensions: Extensions): Outcome | null {
  // RFC 1870 §3: no number, or 0, is no fixed limit.
  const limit = Number(extensions.get('SIZE') ?? 0);
  const size = sizeOf(message);
  if (limit > 0 && size > limit) {
    const reply = `The message has ${size} bytes and the server takes at most ${limit}`;
    return { kind: 'rejected', reply, scope: 'us', enhancedCode: '5.3.4' };
  }
  const { from, to } = message.envelope;
  const isInternational = !isPlain(from + to) || needsEightBits(message);
  if (isInternational && !(extensions.has('SMTPUTF8') && extensions.has('8BITMIME'))) {
    const reply = 'The address has letters beyond ASCII and the mail server does not offer SMTPUTF8';
    return { kind: 'rejected', reply, scope: isPlain(to) ? 'us' : 'subscriber', enhancedCode: '5.6.7' };
  }
  return null;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
