/** Takes out the links that lead from a footnote back to the text: of use on a page, and only there. */
import type { HtmlPiece } from './html-pieces.ts';

/** The text of such a link, shown as text and not as a picture (U+FE0E). */
export const WAY_BACK = '↩\uFE0E';

export function dropWaysBack(pieces: readonly HtmlPiece[]): readonly HtmlPiece[] {
  const isPart = (_: HtmlPiece, index: number) =>
    [index - 1, index, index + 1].some((at) => isWayBack(pieces, at));
  return pieces.filter((piece, index) => !isPart(piece, index));
}

function isWayBack(pieces: readonly HtmlPiece[], index: number): boolean {
  const [before, piece, after] = [pieces[index - 1], pieces[index], pieces[index + 1]];
  const isAlone = before?.kind === 'open' && before.name === 'a' && after?.kind === 'close';
  return isAlone && piece?.kind === 'text' && piece.html === WAY_BACK;
}
