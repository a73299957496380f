/**
 * Puts right what the sanitiser lets stand but a document cannot: a cell outside its table would close the layout table of a mail
 * around it, and a picture without an address is only its alt text.
 */
import { escapeHtml, type HtmlPiece, isVoid, type OpenTag } from './html-pieces.ts';

/** Where each part of a table may stand. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  caption: ['table'],
  colgroup: ['table'],
  thead: ['table'],
  tbody: ['table'],
  tfoot: ['table'],
  tr: ['table', 'thead', 'tbody', 'tfoot'],
  th: ['tr'],
  td: ['tr'],
  col: ['colgroup'],
  source: ['picture', 'audio', 'video'],
  track: ['audio', 'video'],
  summary: ['details'],
};

export function tidyHtml(pieces: readonly HtmlPiece[]): readonly HtmlPiece[] {
  const tidied: HtmlPiece[] = [];
  const open: { readonly name: string; readonly kept: boolean }[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'text') tidied.push(piece);
    else if (piece.kind === 'close') {
      if (open.pop()?.kept === true) tidied.push(piece);
    } else {
      const parent = open.findLast(({ kept }) => kept)?.name ?? '';
      const kept = isAtHome(piece, parent);
      if (kept) tidied.push(piece);
      else tidied.push(...insteadOf(piece));
      if (!isVoid(piece.name)) open.push({ name: piece.name, kept });
    }
  }
  return dropEmptyParagraphs(tidied);
}

function isAtHome(tag: OpenTag, parent: string): boolean {
  if (tag.name === 'img') return tag.attributes.has('src');
  if (tag.name === 'source')
    return hasAny(tag, ['src', 'srcset']) && (PARENTS['source']?.includes(parent) ?? false);
  if (tag.name === 'a') return hasAny(tag, ['href', 'id']);
  return PARENTS[tag.name]?.includes(parent) ?? true;
}

function insteadOf(tag: OpenTag): readonly HtmlPiece[] {
  const alt = tag.name === 'img' ? tag.attributes.get('alt') : undefined;
  return alt ? [{ kind: 'text', html: escapeHtml(alt) }] : [];
}

function hasAny(tag: OpenTag, names: readonly string[]): boolean {
  return names.some((name) => tag.attributes.has(name));
}

/** What a stray `</p>` leaves behind. */
function dropEmptyParagraphs(pieces: readonly HtmlPiece[]): readonly HtmlPiece[] {
  const kept: HtmlPiece[] = [];
  for (const piece of pieces) {
    const last = kept.at(-1);
    const isBare = last?.kind === 'open' && last.name === 'p' && last.attributes.size === 0;
    if (isBare && piece.kind === 'close') kept.pop();
    else kept.push(piece);
  }
  return kept;
}
