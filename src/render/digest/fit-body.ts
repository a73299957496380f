/** A post's body, made fit for mail: what mail programs cannot show is turned into what they can, and nothing is wider than the column. */
import { dropWaysBack } from '../drop-ways-back.ts';
import {
  type HtmlPiece,
  type OpenTag,
  openTag,
  parseHtmlPieces,
  piecesInside,
  renderHtmlPieces,
  withAttributes,
} from '../html-pieces.ts';

/** Pixels of the text column: Outlook obeys `width`, whatever the style says. */
const COLUMN = 536;

/** Of no use in a mail, and paid for against Gmail's clip. */
const DROPPED = { id: null, loading: null, srcset: null, sizes: null };

/** `html` is a body with its assets linked. */
export function fitBody(html: string): string {
  const fitted: HtmlPiece[] = [];
  const pieces = dropWaysBack(parseHtmlPieces(html));
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece?.kind === 'open' && (piece.name === 'audio' || piece.name === 'video')) {
      const inside = piecesInside(pieces, index);
      fitted.push(...linkMedia(piece, inside));
      index += inside.length + 1;
    } else if (piece) fitted.push(...fitPiece(piece));
  }
  return renderHtmlPieces(fitted);
}

function fitPiece(piece: HtmlPiece): readonly HtmlPiece[] {
  if (piece.kind === 'text') return [piece];
  if (piece.name === 'picture' || piece.name === 'source') return [];
  if (/^h[2-6]$/.test(piece.name)) return [{ ...fitTag(piece), name: lowerHeading(piece.name) }];
  if (piece.name === 'table') {
    return piece.kind === 'open'
      ? [openTag('div', [['class', 'scroll']]), fitTag(piece)]
      : [piece, { kind: 'close', name: 'div' }];
  }
  return [fitTag(piece)];
}

/** The post's title is the h2 here. */
function lowerHeading(name: string): string {
  return `h${Math.min(6, Number(name[1]) + 1)}`;
}

function fitTag<Tag extends Exclude<HtmlPiece, { readonly kind: 'text' }>>(tag: Tag): Tag | OpenTag {
  if (tag.kind === 'close') return tag;
  const plain = withAttributes(tag, DROPPED);
  if (tag.name === 'details') return withAttributes(plain, { open: '' });
  return tag.name === 'img' ? fitImage(plain) : plain;
}

function fitImage(image: OpenTag): OpenTag {
  const [width, height] = ['width', 'height'].map((name) => Number(image.attributes.get(name) ?? 0));
  if (!width || width <= COLUMN) return image;
  const scaled = height ? String(Math.max(1, Math.round((height * COLUMN) / width))) : null;
  return withAttributes(image, { width: String(COLUMN), height: scaled });
}

/** Mail plays neither sound nor film: its address is there to open. */
function linkMedia(tag: OpenTag, inside: readonly HtmlPiece[]): readonly HtmlPiece[] {
  const sources = [tag, ...inside].map((piece) =>
    piece.kind === 'open' ? piece.attributes.get('src') : undefined,
  );
  const url = sources.find((source) => source !== undefined);
  const text: HtmlPiece = { kind: 'text', html: `▶\uFE0E ${tag.name}` };
  return url === undefined ? [text] : [openTag('a', [['href', url]]), text, { kind: 'close', name: 'a' }];
}
