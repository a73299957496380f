/** Lets each block of a post that has right-to-left text find its own direction; other posts stay as they are. */
import { type HtmlPiece, piecesInside, withAttributes } from './html-pieces.ts';

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const TEXT_BLOCKS = new Set([
  'p',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'li',
  'dt',
  'dd',
  'td',
  'th',
  'summary',
  'figcaption',
]);
const CONTAINERS = new Set(['ul', 'ol', 'dl', 'blockquote', 'table']);

export function markDirection(pieces: readonly HtmlPiece[]): readonly HtmlPiece[] {
  if (!pieces.some((piece) => piece.kind === 'text' && RIGHT_TO_LEFT.test(piece.html))) return pieces;
  return pieces.map((piece, index) => {
    if (piece.kind !== 'open' || piece.attributes.has('dir')) return piece;
    // Code reads from left to right in every language.
    if (piece.name === 'pre') return withAttributes(piece, { dir: 'ltr' });
    if (TEXT_BLOCKS.has(piece.name)) return withAttributes(piece, { dir: 'auto' });
    // HTML Standard §3.2.6.4: `auto` does not look into children that have a direction of their own.
    const isRtl = CONTAINERS.has(piece.name) && startsRightToLeft(piecesInside(pieces, index));
    return isRtl ? withAttributes(piece, { dir: 'rtl' }) : piece;
  });
}

function startsRightToLeft(pieces: readonly HtmlPiece[]): boolean {
  const first = pieces.find((piece) => piece.kind === 'text' && /\p{L}/u.test(piece.html));
  const letter = first?.kind === 'text' ? /\p{L}/u.exec(first.html)?.[0] : undefined;
  return letter !== undefined && RIGHT_TO_LEFT.test(letter);
}
