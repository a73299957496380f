/**
 * Text as it may stand in a header field: one line, whatever it was made of. Names and titles come from posts, config and visitors; nothing
 * that passes here can end a field, begin another, or be mistaken for a slot.
 */

/** RFC 5322 §2.1.1: lines should not exceed 78 characters; RFC 2047 §2: 76 where a line holds an encoded word. */
const LINE_WIDTH = 76;
/** Bytes in one encoded word: 64 characters at most, so that it fits a line beside any field name used here. */
const ENCODED_WORD_BYTES = 39;
const NAME_LENGTH = 100;
const QUOTED_NAME_LENGTH = 60;

/** RFC 5322 §3.2.3 atext, and the spaces between atoms. */
const ATOMS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/;
let graphemes: Intl.Segmenter | null = null;

/** Any text → one line of at most `limit` characters, cut between graphemes and ended with `…`. */
export function cleanLine(text: string, limit: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line.length <= limit) return line;
  let kept = '';
  // Made when a line is too long: it takes longer than all else that is loaded here.
  graphemes ??= new Intl.Segmenter();
  for (const { segment } of graphemes.segment(line.slice(0, limit))) {
    if (kept.length + segment.length > limit - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** One line → tokens of unstructured text (RFC 5322 §3.6.5), encoded where ASCII will not do. */
export function renderText(line: string): readonly string[] {
  return canStandAsItIs(line) ? line.split(' ') : encodeWords(line);
}

/** A display name or title → tokens of a phrase (RFC 5322 §3.2.5): atoms, a quoted string, or encoded words. None for an empty name. */
export function renderPhrase(name: string): readonly string[] {
  const line = cleanLine(name, NAME_LENGTH);
  if (line === '') return [];
  if (!canStandAsItIs(line)) return encodeWords(line);
  if (ATOMS.test(line)) return line.split(' ');
  if (line.length > QUOTED_NAME_LENGTH) return encodeWords(line);
  return [`"${line.replace(/["\\]/g, String.raw`\$&`)}"`];
}

/** Field name and tokens → the field, without its line end, folded between tokens (RFC 5322 §2.2.3). The first token is never folded off. */
export function renderField(name: string, tokens: readonly string[]): string {
  let field = `${name}:`;
  let width = field.length;
  for (const [index, token] of tokens.entries()) {
    const fits = index === 0 || width + 1 + token.length <= LINE_WIDTH;
    field += fits ? ` ${token}` : `\r\n ${token}`;
    width = (fits ? width : 0) + 1 + token.length;
  }
  return field;
}

/** RFC 2047 §5: what looks like an encoded word must be encoded itself; so must what looks like a slot of ours. */
function canStandAsItIs(line: string): boolean {
  return /^[\x20-\x7e]*$/.test(line) && !line.includes('=?') && !line.includes('RENGA-SLOT');
}

/** RFC 2047 §5: each word holds whole characters; the white space between two of them is not shown. */
function encodeWords(line: string): readonly string[] {
  const chunks: string[] = [];
  let chunk = '';
  for (const character of line) {
    if (Buffer.byteLength(chunk + character) > ENCODED_WORD_BYTES) {
      chunks.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...chunks, chunk].map((text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);
}
