/** What a server's reply means for a delivery: accepted, try again, or refused, and then whose fault it is (RFC 5321 §4.2, RFC 3463). */
import type { Outcome } from '../domain/delivery.ts';

/** Where in the transaction a reply came. `message`: after the final dot. */
export type Stage = 'sender' | 'recipient' | 'data' | 'message';

/** 530, 534, 535, 538: we are not let in (RFC 4954 §6). 500 to 504: our commands are not understood. */
const CODES_ABOUT_US = new Set([500, 501, 502, 503, 504, 530, 534, 535, 538]);
/** 5.7.x: policy. 5.1.7, 5.1.8: our sender. 5.3.4: the message is too big for the system. 5.5.1, 5.5.2, 5.5.4: our commands (5.5.0 some say of a mailbox). */
const STATUS_ABOUT_US = /^5\.(?:7\.|1\.[78]$|3\.4$|5\.[124]$)/;

/** The three digits a reply begins with, or null when it is no reply. */
export function replyCode(reply: string): number | null {
  const code = /^([2-5]\d\d)(?:[ -]|$)/.exec(reply)?.[1];
  return code === undefined ? null : Number(code);
}

/** The server's words as one line without control characters, lines of a long reply joined. */
export function cleanReply(reply: string): string {
  return reply
    .replace(/\r?\n\d{3}(?:[ -]|$)/g, ' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/**
 * Reply → outcome. A 2xx counts only after the dot. Anything that is no answer (2xx too early, 3xx, noise) gives null: the caller knows
 * whether the dot left.
 */
export function classifyReply(reply: string, stage: Stage): Outcome | null {
  const code = replyCode(reply);
  const words = cleanReply(reply);
  if (code === null || (code >= 300 && code < 400)) return null;
  if (code < 300) return stage === 'message' ? { kind: 'accepted', reply: words } : null;
  if (code < 500) return { kind: 'deferred', reply: words };
  const enhancedCode = /^5\d\d[ -](5\.\d{1,3}\.\d{1,3})(?!\S)/.exec(reply)?.[1] ?? null;
  const isAboutUs =
    stage === 'sender' ||
    CODES_ABOUT_US.has(code) ||
    (enhancedCode !== null && STATUS_ABOUT_US.test(enhancedCode));
  return { kind: 'rejected', reply: words, scope: isAboutUs ? 'us' : 'subscriber', enhancedCode };
}

/** Whether a deferral asks us to go slower. 421: the server closes (RFC 5321 §3.8). 4.7.x: its policy, but greylisting is about one address. */
export function isThrottle(reply: string): boolean {
  if (replyCode(reply) === 421) return true;
  if (/gr[ae]y-?list/i.test(reply)) return false;
  return (
    /^4\d\d[ -]4\.7\.\d/.test(reply) || /too many|rate limit|throttl|slow down|too fast|quota/i.test(reply)
  );
}
