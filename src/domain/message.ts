/** The message: one complete RFC 5322 mail for one subscriber, and the compiled form that all copies are patched from. */
import type { Address } from './address.ts';

/** SMTP's MAIL FROM and RCPT TO, apart from the header. */
export type Envelope = { readonly from: Address; readonly to: Address };

/** A mail ready for the wire: CRLF line ends, lines ≤ 998 octets, not dot-stuffed. */
export type Message = {
  readonly envelope: Envelope;
  /** Its bytes, in order. The copies of a digest share the parts that are the same, so a part must never be changed. */
  readonly parts: readonly Uint8Array[];
};

/** Octets, line ends and all: RFC 1870 §5. */
export function sizeOf({ parts }: Message): number {
  return parts.reduce((size, part) => size + part.length, 0);
}

/** Parts → the whole, in memory of its own. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What differs between two copies of one frozen content. All of it fixed for a delivery, so that each retry has the same bytes. */
export type Personal = {
  readonly address: Address;
  readonly name: string;
  /** The whole token of the unsubscribe link (`link-token.ts`): URL-safe, ≤ 73 characters. */
  readonly token: string;
  /** RFC 5322 `msg-id` without angle brackets. */
  readonly messageId: string;
  readonly date: Temporal.Instant;
};

/**
 * What of a message is fixed from its first mark on: the server may have a copy, and every later one must be the same copy, whatever the
 * subscriber is called by then and whichever keys are in use. Kept until the delivery is over.
 */
export type Copy = {
  readonly address: Address;
  readonly name: string;
  /** Id of the key that signed its unsubscribe link. */
  readonly linkKey: number;
  /** Null for one that was not signed. */
  readonly seal: Seal | null;
};

/** A message's DKIM signatures as they were sent, and what they were made over, so that a later copy can be held against the first. */
export type Seal = {
  /** The complete `DKIM-Signature` fields, folded, each ending in CRLF; they name the key (`s=`, `d=`). */
  readonly fields: string;
  /** SHA-256 of the canonical body, base64 (RFC 6376 §3.7): `bh=`. */
  readonly bodyHash: string;
  /** SHA-256 of the canonical signed header without the signature, base64. */
  readonly headHash: string;
};

/** Everything in a digest's header that is the same for all. URLs absolute. */
export type MessageHead = {
  readonly from: { readonly name: string; readonly address: Address };
  readonly replyTo: { readonly name: string; readonly address: Address } | null;
  readonly subject: string;
  /** `"Title" <weekly.example.org>`: RFC 2919, name and identifier. */
  readonly listId: { readonly title: string; readonly identifier: string };
  /** Ends where the token goes: `https://example.org/unsubscribe/`. */
  readonly unsubscribeUrl: string;
  /** The same for the page of preferences, where the documents may link to it. */
  readonly preferencesUrl?: string;
  readonly unsubscribeAddress: Address;
  readonly archiveUrl: string;
  readonly helpUrl: string;
  readonly ownerAddress: Address;
  /** `digest:series:renga:sender` (Gmail's feedback loop). */
  readonly feedbackId: string;
  readonly language: string;
  /** Seeds the MIME boundary, the same for the same digest content. */
  readonly boundarySeed: string;
};

/** Where `renderDigest` writes what differs per subscriber; `compileMessage` finds them again. Plain ASCII that HTML and Markdown leave alone. */
export const SLOTS = {
  /** In HTML and text, at the end of the unsubscribe URL and of that of the page of preferences. */
  token: 'RENGA-SLOT-TOKEN-RENGA',
} as const;
