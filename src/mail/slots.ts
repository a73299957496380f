/**
 * The slots of a compiled message: the places where its copies differ. In the body each stands alone on a line between soft line breaks, so
 * that no value makes a line too long or is broken itself.
 */
import { createHash } from 'node:crypto';
import { OperatorError } from '../domain/operator-error.ts';
import { SLOTS } from '../domain/message.ts';

export const HEADER_SLOTS = {
  to: 'RENGA-SLOT-TO-RENGA',
  date: 'RENGA-SLOT-DATE-RENGA',
  messageId: 'RENGA-SLOT-MESSAGE-ID-RENGA',
  token: SLOTS.token,
} as const;

/** RFC 2045 §6.7 rule 5: a soft line break is not part of the text. */
const SOFT_BREAK = '=\r\n';

/** A document whose true slots are marked so that nobody who wrote it could have written the mark. */
export type MarkedDocument = { readonly content: string; readonly mark: string };

/**
 * Marks the slots of a document: the token where it ends one of the URLs. The same letters anywhere else are text, and stay text: else a
 * post could carry each subscriber's token in a link of its own. Throws OperatorError where the first URL, the way to unsubscribe, is not there.
 */
export function markSlots(
  document: string,
  [unsubscribeUrl, ...others]: readonly [string, ...string[]],
  part: 'HTML' | 'text',
): MarkedDocument {
  const hash = createHash('sha256').update(document).digest('hex').slice(0, 16).toUpperCase();
  const mark = `RENGA-SLOT-${hash}-RENGA`;
  const markAfter = (text: string, url: string): string =>
    [url, url.replaceAll('&', '&amp;')].reduce(
      (marked, spelling) => marked.replaceAll(spelling + SLOTS.token, () => spelling + mark),
      text,
    );
  const withLeave = markAfter(document, unsubscribeUrl);
  if (withLeave === document) {
    throw new OperatorError(
      `The digest's ${part} has no unsubscribe link`,
      'Put {{ unsubscribeUrl }} back into its template: every digest must offer a way to leave.',
    );
  }
  return { content: others.reduce(markAfter, withLeave), mark };
}

/** Quoted-printable text → the same with each mark as a slot alone on its line, and each look-alike kept from being one. */
export function placeSlots(encoded: string, documents: readonly MarkedDocument[]): string {
  // =52 is R: the look-alike reads the same and is no slot any more.
  const inert = standAlone(encoded, SLOTS.token, `=52${SLOTS.token.slice(1)}`);
  return documents.reduce((text, { mark }) => standAlone(text, mark, SLOTS.token), inert);
}

function standAlone(encoded: string, mark: string, replacement: string): string {
  const softBreak = '(?:=\r\n)?';
  const pattern = new RegExp(softBreak + mark.split('').join(softBreak) + softBreak, 'g');
  return encoded.replace(pattern, (match: string, offset: number) => {
    const endsItsLine = encoded.startsWith('\r\n', offset + match.length);
    return `${SOFT_BREAK}${replacement}${endsItsLine ? '' : SOFT_BREAK}`;
  });
}
