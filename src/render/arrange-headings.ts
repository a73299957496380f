/** Headings of a post: moved so that the topmost is an h2 (the title above is the h1), each with an id to link to, and their texts. */
import { type HtmlPiece, type OpenTag, piecesInside, textOfPieces, withAttributes } from './html-pieces.ts';

export type ArrangedHeadings = {
  readonly pieces: readonly HtmlPiece[];
  /** Text of each heading that has one, in order. */
  readonly headings: readonly string[];
};

export function arrangeHeadings(pieces: readonly HtmlPiece[]): ArrangedHeadings {
  const { topmost, ids } = survey(pieces);
  if (topmost === null) return { pieces, headings: [] };
  const uses = new Map<string, number>();
  const headings: string[] = [];
  const arranged = pieces.map((piece, index) => {
    const level = piece.kind === 'text' ? undefined : LEVELS.get(piece.name);
    if (piece.kind === 'text' || level === undefined) return piece;
    const name = `h${Math.min(6, level + 2 - topmost)}`;
    if (piece.kind === 'close') return { ...piece, name };
    const text = textOfPieces(piecesInside(pieces, index));
    if (text !== '') headings.push(text);
    return withId({ ...piece, name }, composeId(text, ids, uses));
  });
  return { pieces: arranged, headings };
}

const LEVELS: ReadonlyMap<string, number> = new Map([1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, level]));

/** The topmost level of a heading, null where there is none, and all ids that authors gave. */
function survey(pieces: readonly HtmlPiece[]): {
  readonly topmost: number | null;
  readonly ids: Set<string>;
} {
  const ids = new Set<string>();
  let topmost = Infinity;
  for (const piece of pieces) {
    if (piece.kind !== 'open') continue;
    topmost = Math.min(topmost, LEVELS.get(piece.name) ?? Infinity);
    const id = piece.attributes.get('id');
    if (id !== undefined) ids.add(id);
  }
  return { topmost: topmost === Infinity ? null : topmost, ids };
}

function withId(tag: OpenTag, id: string): OpenTag {
  return tag.attributes.has('id') ? tag : withAttributes(tag, { id });
}

/** `The Fix; what I learned` → `the-fix-what-i-learned`, as GitHub does; `-2`, `-3` … keeps it unique in the post. */
function composeId(text: string, ids: Set<string>, uses: Map<string, number>): string {
  const words = wordsOf(text) ?? ['section'];
  const stem = words.join('-').slice(0, 100).toWellFormed();
  let number = (uses.get(stem) ?? 0) + 1;
  while (ids.has(numbered(stem, number))) number += 1;
  uses.set(stem, number);
  ids.add(numbered(stem, number));
  return numbered(stem, number);
}

function wordsOf(text: string): readonly string[] | null {
  // Most headings, and many times faster.
  if (/^[ -~]*$/.test(text)) return text.toLowerCase().match(/[a-z0-9_]+/g);
  return text
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{M}_]+/gu);
}

function numbered(stem: string, number: number): string {
  return number === 1 ? stem : `${stem}-${number}`;
}
