/** The header fields that a signature covers, in canonical form: those that all copies share once, the others for each copy. */
import type { SlotName } from '../personalise.ts';
import { canonicaliseField } from './canonical-form.ts';
import { readLatin1, type SlottedText, type SlotValues } from './split-mime.ts';

/**
 * What `h=` lists, in the order it is hashed in. RFC 8058 §4 wants both List-Unsubscribe fields in it. A name that a message lacks stays in the list:
 * so nobody can add the field (RFC 6376 §5.4).
 */
export const SIGNED_FIELDS = [
  'from',
  'subject',
  'date',
  'message-id',
  'to',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
  'mime-version',
  'content-type',
] as const;

/** A field as text and slots, in turn. */
type Field = readonly (string | { readonly slot: SlotName })[];

/** Header with slots → what gives the canonical form of each copy's signed fields (RFC 6376 §3.7 step 2, without the signature's own). */
export function openSignedHead(head: SlottedText): (values: SlotValues) => string {
  const fields = splitFields(head);
  const parts = mergeTexts(SIGNED_FIELDS.flatMap((name) => findField(fields, name)).map(prepareField));
  return (values) => parts.map((part) => (typeof part === 'string' ? part : part(values))).join('');
}

type Part = string | ((values: SlotValues) => string);

function prepareField(field: Field): Part {
  const compose = (values: SlotValues | null): string =>
    canonicaliseField(
      field
        .map((part) => (typeof part === 'string' ? part : values ? readLatin1(values[part.slot]) : ''))
        .join(''),
    );
  return field.every((part) => typeof part === 'string') ? compose(null) : compose;
}

/** RFC 5322 §2.2.3: a line that begins with white space goes on with the field before. */
function splitFields({ pieces, slots }: SlottedText): readonly Field[] {
  const fields: (string | { readonly slot: SlotName })[][] = [[]];
  for (const [index, piece] of pieces.entries()) {
    const [rest = '', ...begun] = piece.split(/\r\n(?![ \t])/);
    fields.at(-1)?.push(rest);
    for (const text of begun) fields.push([text]);
    const slot = slots[index];
    if (slot) fields.at(-1)?.push({ slot });
  }
  return fields;
}

function findField(fields: readonly Field[], name: string): readonly Field[] {
  const found = fields.filter(([start]) => typeof start === 'string' && nameOf(start) === name);
  // RFC 6376 §5.4.2 would sign the last of them, and a reader may be shown the first.
  if (found.length > 1) throw new Error(`A compiled message has ${found.length} fields ${name}`);
  return found;
}

function nameOf(start: string): string {
  return start
    .slice(0, Math.max(0, start.indexOf(':')))
    .replace(/[ \t]+$/, '')
    .toLowerCase();
}

/** Neighbours that all copies share become one. */
function mergeTexts(parts: readonly Part[]): readonly Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof last === 'string' && typeof part === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return merged;
}
