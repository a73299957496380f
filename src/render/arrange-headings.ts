/** Headings of a post: moved so that the topmost is an h2 (the title above is the h1), each with an id to link to, and their texts. */
import { type HtmlPiece, type OpenTag, piecesInside, textOfPieces, withAttributes } from './html-pieces.ts';

export type ArrangedHeadings = {
  readonly pieces: readonly HtmlPiece[];
  /** Text of each heading that has one, in order. */
  readonly headings: readonly string[];
};

export function arrangeHeadings(pieces: readonly HtmlPiece[]): ArrangedHeadings {
  const levels = pieces.map((piece) => (piece.kind === 'open' ? levelOf(piece.name) : null));
  const topmost = levels.reduce<number>((top, level) => Math.min(top, level ?? top), 7);
  const shift = 2 - topmost;
  const ids = new Set(
    pieces.flatMap((piece) => (piece.kind === 'open' ? (piece.attributes.get('id') ?? []) : [])),
  );
  const uses = new Map<string, number>();
  const headings: string[] = [];
  const arranged = pieces.map((piece, index) => {
    const level = piece.kind === 'text' ? null : levelOf(piece.name);
    if (piece.kind === 'text' || level === null) return piece;
    const name = `h${Math.min(6, level + shift)}`;
    if (piece.kind === 'close') return { ...piece, name };
    const text = textOfPieces(piecesInside(pieces, index));
    if (text !== '') headings.push(text);
    return withId({ ...piece, name }, composeId(text, ids, uses));
  });
  return { pieces: arranged, headings };
}

function levelOf(name: string): number | null {
  return name.length === 2 && /^h[1-6]$/.test(name) ? Number(name[1]) : null;
}

function withId(tag: OpenTag, id: string): OpenTag {
  return tag.attributes.has('id') ? tag : withAttributes(tag, { id });
}

/** `The Fix; what I learned` → `the-fix-what-i-learned`, as GitHub does; `-2`, `-3` … keeps it unique in the post. */
function composeId(text: string, ids: Set<string>, uses: Map<string, number>): string {
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{M}_]+/gu) ?? ['section'];
  const stem = words.join('-').slice(0, 100).toWellFormed();
  let number = (uses.get(stem) ?? 0) + 1;
  while (ids.has(numbered(stem, number))) number += 1;
  uses.set(stem, number);
  ids.add(numbered(stem, number));
  return numbered(stem, number);
}

function numbered(stem: string, number: number): string {
  return number === 1 ? stem : `${stem}-${number}`;
}
