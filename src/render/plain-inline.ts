/**
 * A line of text → its tokens, for text with nothing in it but words, code in single backticks and words between asterisks, as most is: found in one go, where the
 * package marked would ask all its rules at each place. Whatever else it meets, it gives up (null). For what it takes, both give the same.
 */

type Text = { readonly type: 'text'; readonly raw: string; readonly text: string; readonly escaped: false };
type Code = { readonly type: 'codespan'; readonly raw: string; readonly text: string };
type Emphasis = {
  readonly type: 'em' | 'strong';
  readonly raw: string;
  readonly text: string;
  readonly tokens: Text[];
};
export type PlainToken = Text | Code | Emphasis;

const SPECIAL = /[\\<[`*~_]/g;
/** A run of one backtick, and the next. */
const CODE = /`([^`]+)`(?!`)/y;
/** Such asterisks can only open, and only close (CommonMark 0.31 §6.2): what stands between them pairs with nothing else. */
const EMPHASIS = /(?<![^ \n])(\*\*?)([A-Za-z0-9]+(?: [A-Za-z0-9]+)*)\1(?![^ \n.,;:?!)])/y;

export function readPlainInline(source: string): readonly PlainToken[] | null {
  if (source.includes('@') || holdsMore(source)) return null;
  const tokens: PlainToken[] = [];
  let at = 0;
  while (at < source.length) {
    SPECIAL.lastIndex = at;
    const next = SPECIAL.exec(source)?.index ?? source.length;
    if (next > at) tokens.push(textToken(source.slice(at, next)));
    if (next === source.length) break;
    const token = readCode(source, next) ?? readEmphasis(source, next);
    if (!token) return null;
    tokens.push(token);
    at = next + token.raw.length;
  }
  return tokens;
}

/** What the package looks for inside a text: addresses, hard breaks, numeric references. */
const MORE = /http|ftp:|www\.|mailto:|xmpp:|&#| {2}\n/i;

/** Most texts are told apart by a look for single characters, which takes a small part of the expression's time. */
export function holdsMore(text: string): boolean {
  const mayHold = [':', 'w.', 'W.', '&#', '  \n'].some((piece) => text.includes(piece));
  return mayHold && MORE.test(text);
}

function textToken(text: string): Text {
  return { type: 'text', raw: text, text, escaped: false };
}

function readCode(source: string, at: number): Code | null {
  CODE.lastIndex = at;
  const [raw, inside = ''] = CODE.exec(source) ?? [];
  if (raw === undefined) return null;
  const line = inside.replaceAll('\n', ' ');
  // CommonMark 0.31 §6.1: one space at both ends is none of the code's, unless it is all there is.
  const isSetOff = line.startsWith(' ') && line.endsWith(' ') && /[^ ]/.test(line);
  return { type: 'codespan', raw, text: isSetOff ? line.slice(1, -1) : line };
}

function readEmphasis(source: string, at: number): Emphasis | null {
  EMPHASIS.lastIndex = at;
  const [raw, marks = '', text = ''] = EMPHASIS.exec(source) ?? [];
  if (raw === undefined) return null;
  return { type: marks === '*' ? 'em' : 'strong', raw, text, tokens: [textToken(text)] };
}
