/**
 * Patches a compiled message for one subscriber. Pure: the same bytes for the same input, at every attempt, for ever; and cheap: the message is
 * split at its slots once, and a copy is a concatenation.
 */
import { hash } from 'node:crypto';
import { joinParts, type Personal } from '../domain/message.ts';
import { renderMailbox } from './compose-head.ts';
import { renderField } from './header-text.ts';
import { HEADER_SLOTS } from './slots.ts';

export type SlotName = keyof typeof HEADER_SLOTS;
export type SlotTexts = Readonly<Record<SlotName, string>>;

/** A compiled message, split: `pieces[0] slots[0] pieces[1] … pieces.at(-1)`. */
export type PreparedMime = { readonly pieces: readonly Uint8Array[]; readonly slots: readonly SlotName[] };

const SLOT_NAMES: ReadonlyMap<string, SlotName> = new Map(
  Object.entries(HEADER_SLOTS).map(([name, mark]) => [mark, name as SlotName]),
);
const ANY_SLOT = new RegExp([...SLOT_NAMES.keys()].join('|'), 'g');
const prepared = new WeakMap<Uint8Array, PreparedMime>();

/** Compiled message and what is personal → the complete message of one subscriber, unsigned. The array passed as `mime` must not be changed after. */
export function personalise(mime: Uint8Array, personal: Personal): Uint8Array {
  let split = prepared.get(mime);
  if (!split) prepared.set(mime, (split = prepareMime(mime)));
  return joinParts(fillSlots(split, renderValues(personal)));
}

/** Puts the values into the slots: the message in parts, of which every copy shares the pieces. */
export function fillSlots(
  { pieces, slots }: PreparedMime,
  values: Readonly<Record<SlotName, Uint8Array>>,
): readonly Uint8Array[] {
  return pieces.flatMap((piece, index) => {
    const slot = slots[index];
    return slot ? [piece, values[slot]] : [piece];
  });
}

/** Splits a compiled message at its slots. Throws when one that every message needs is missing: the bytes are not what was compiled. */
export function prepareMime(mime: Uint8Array): PreparedMime {
  const bytes = Buffer.from(mime.buffer, mime.byteOffset, mime.byteLength);
  const text = bytes.toString('latin1');
  // RFC 5321 §2.3.8: a lone CR or LF is a line end to some servers only, which lets one message pass for two (SMTP smuggling).
  if (/\r(?!\n)|(?<!\r)\n/.test(text))
    throw new Error('The compiled message has a line end that is not CRLF');
  const bodyStart = text.indexOf('\r\n\r\n');
  const pieces: Uint8Array[] = [];
  const slots: SlotName[] = [];
  let end = 0;
  for (const { 0: mark, index } of text.matchAll(ANY_SLOT)) {
    const slot = SLOT_NAMES.get(mark);
    // Only the token has places in the body, and what looks like one there was made inert when it was compiled.
    const isPlaced = index < bodyStart || slot === 'token';
    if (!slot || !isPlaced) continue;
    pieces.push(bytes.subarray(end, index));
    slots.push(slot);
    end = index + mark.length;
  }
  for (const slot of SLOT_NAMES.values()) {
    if (!slots.includes(slot)) throw new Error(`The compiled message has no place for the ${slot}`);
  }
  return { pieces: [...pieces, bytes.subarray(end)], slots };
}

/** RFC 5322 `msg-id` without angle brackets: fixed by the store, the digest and the subscriber, under the domain of From. */
export function composeMessageId(parts: {
  readonly instanceId: string;
  readonly digest: number;
  readonly subscriber: number;
  readonly domain: string;
}): string {
  const { instanceId, digest, subscriber, domain } = parts;
  const unique = hash('sha256', JSON.stringify([instanceId, digest, subscriber]), 'hex').slice(0, 32);
  return `renga.${digest}.${unique}@${domain}`;
}

/** As `composeMessageId`, of a notice. */
export function composeNoticeId(parts: {
  readonly instanceId: string;
  readonly notice: number;
  readonly domain: string;
}): string {
  const { instanceId, notice, domain } = parts;
  const unique = hash('sha256', JSON.stringify([instanceId, 'notice', notice]), 'hex').slice(0, 32);
  return `renga.notice-${notice}.${unique}@${domain}`;
}

/** What goes into each slot, as it stands in the message: folded, encoded. Throws where a value could leave its place. */
export function renderSlots({ address, name, token, messageId, date }: Personal): SlotTexts {
  // 73 characters and a soft break fill a line of 74; the alphabet means nothing to HTML, text or quoted-printable.
  if (!/^[A-Za-z0-9_-]{1,73}$/.test(token)) throw new Error('A token has characters that a link cannot have');
  if (!/^[A-Za-z0-9._-]{1,200}@[A-Za-z0-9.-]{1,253}$/.test(messageId)) throw new Error('Not a Message-ID');
  const to = renderField('To', renderMailbox({ name, address })).slice('To: '.length);
  return { to, date: renderDate(date), messageId, token };
}

/** The same as the bytes that stand in the message. */
export function renderValues(personal: Personal): Record<SlotName, Uint8Array> {
  return encodeSlots(renderSlots(personal));
}

export function encodeSlots(texts: SlotTexts): Record<SlotName, Uint8Array> {
  const { to, date, messageId, token } = texts;
  return {
    to: Buffer.from(to),
    date: Buffer.from(date),
    messageId: Buffer.from(messageId),
    token: Buffer.from(token),
  };
}

/** RFC 5322 §3.3, in UTC: `Mon, 16 Nov 2026 09:00:00 +0000`. */
function renderDate(instant: Temporal.Instant): string {
  return new Date(instant.epochMilliseconds).toUTCString().replace('GMT', '+0000');
}
