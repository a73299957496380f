/** The excerpt: a post's first paragraph as plain text, for where its author gave no summary. */
import { cutText } from './cut-text.ts';
import { type HtmlPiece, piecesInside, textOfPieces } from './html-pieces.ts';

const LIMIT = 280;

/** '' for a post without text. A paragraph that only holds a picture does not count. */
export function excerptOf(pieces: readonly HtmlPiece[]): string {
  const prose = withoutMentions(pieces);
  for (const [index, piece] of prose.entries()) {
    if (piece.kind !== 'open' || piece.name !== 'p') continue;
    const text = textOfPieces(piecesInside(prose, index));
    if (text !== '') return cutText(text, LIMIT);
  }
  return cutText(textOfPieces(prose), LIMIT);
}

/** A footnote's number means nothing without the note. */
function withoutMentions(pieces: readonly HtmlPiece[]): readonly HtmlPiece[] {
  if (!pieces.some((piece) => piece.kind === 'open' && piece.name === 'sup')) return pieces;
  return pieces.filter((_, index) => {
    const before = pieces[index - 1];
    const isMention = before?.kind === 'open' && before.name === 'a' && isNumberInSup(pieces, index);
    return !isMention;
  });
}

function isNumberInSup(pieces: readonly HtmlPiece[], index: number): boolean {
  const [sup, text] = [pieces[index - 2], pieces[index]];
  return sup?.kind === 'open' && sup.name === 'sup' && text?.kind === 'text' && /^\d+$/.test(text.html);
}
