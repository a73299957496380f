/**
 * Bytes → text. What comes out can stand in any document: valid Unicode, line ends as `\n`, no byte order mark, none
 * of the control characters that XML 1.0 §2.2 forbids or advises against: terminals obey some of those. What is not text is refused with a reason, never
 * guessed at.
 */

export type DecodedText =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Control characters that were left out, and the one-based line of the first; null when there were none. */
      readonly dropped: { readonly count: number; readonly line: number } | null;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** How a file is written: enough to write it back byte for byte. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export type EncodedText = {
  readonly encoding: Encoding;
  /** Whether the file opens with a byte order mark, which `text` does not hold. */
  readonly hasMark: boolean;
  readonly text: string;
};

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const FORBIDDEN = /[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/g;

/** Bytes → text as it stands, line ends and all; or null when they are not valid in their encoding. */
export function decodeExactly(bytes: Uint8Array): EncodedText | null {
  const mark = MARKS.find(([, signature]) => signature.every((byte, index) => bytes[index] === byte));
  const encoding = mark?.[0] ?? 'utf-8';
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    const text = decoder.decode(mark ? bytes.subarray(mark[1].length) : bytes);
    return text.isWellFormed() ? { encoding, hasMark: mark !== undefined, text } : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** The way back: `encodeExactly(decodeExactly(bytes))` gives the same bytes. */
export function encodeExactly({ encoding, hasMark, text }: EncodedText): Uint8Array {
  const marked = hasMark ? `\uFEFF${text}` : text;
  const bytes = Buffer.from(marked, encoding === 'utf-8' ? 'utf8' : 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}

export function decodeText(bytes: Uint8Array): DecodedText {
  const decoded = decodeExactly(bytes);
  if (!decoded) return { kind: 'refused', reason: 'it is not valid UTF-8 text: save it as UTF-8' };
  if (decoded.text.includes('\0')) {
    return {
      kind: 'refused',
      reason: 'it holds NUL bytes, so it is no text (or UTF-16 without its mark): save it as UTF-8',
    };
  }
  const text = decoded.text.includes('\r') ? decoded.text.replace(/\r\n?/g, '\n') : decoded.text;
  return dropForbidden(text);
}

function dropForbidden(text: string): DecodedText {
  const first = text.search(FORBIDDEN);
  if (first === -1) return { kind: 'text', text, dropped: null };
  const count = text.match(FORBIDDEN)?.length ?? 0;
  return {
    kind: 'text',
    text: text.replace(FORBIDDEN, ''),
    dropped: { count, line: text.slice(0, first).split('\n').length },
  };
}
