/**
 * Puts real URLs in the place of the files that a post names, once it is known where they, or their pages, are published. What is missing is left out
 * so that a reader notices nothing: a picture becomes its alt text, a link its text.
 */
import {
  escapeHtml,
  type HtmlPiece,
  isVoid,
  type OpenTag,
  parseHtmlPieces,
  renderHtmlPieces,
  withAttributes,
} from './html-pieces.ts';
import { parsePlaceholder, type ReferenceUse } from './resolve-reference.ts';

export type AssetLink = {
  /** Absolute. */
  readonly url: string;
  /** Pixels, where known. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** A page to go to, which is no picture and no sound. */
  readonly isPage?: boolean;
};

/** By reference, as `BodyResult` lists them; null, or none, for a file that is not there. */
export type AssetLinks = ReadonlyMap<string, AssetLink | null>;

/** `html` is a body as the workshop rendered it. */
export function linkAssets(html: string, links: AssetLinks): string {
  if (!html.includes('renga-asset:')) return html;
  const linked: HtmlPiece[] = [];
  const open: boolean[] = [];
  for (const piece of parseHtmlPieces(html)) {
    if (piece.kind === 'text') linked.push(piece);
    else if (piece.kind === 'close') {
      if (open.pop() ?? true) linked.push(piece);
    } else {
      const tag = linkTag(piece, links);
      linked.push(...(tag ? [tag] : insteadOf(piece)));
      if (!isVoid(piece.name)) open.push(tag !== null);
    }
  }
  return unwrapPictures(renderHtmlPieces(linked));
}

/** The tag with its files linked, or null when the file that it is about is missing. */
function linkTag(tag: OpenTag, links: AssetLinks): OpenTag | null {
  const src = linkUrl(tag.attributes.get('src'), links, 'resource');
  const href = linkUrl(tag.attributes.get('href'), links, 'link');
  const srcset = linkSrcset(tag.attributes.get('srcset'), links);
  if (href === null || (src === null && !(tag.name === 'source' && srcset))) return null;
  if (tag.name === 'source' && srcset === null) return null;
  const poster = linkUrl(tag.attributes.get('poster'), links, 'resource');
  const cite = linkUrl(tag.attributes.get('cite'), links, 'link');
  const size = tag.name === 'img' ? sizeOf(tag, links) : {};
  return withAttributes(tag, { ...size, ...present({ src, href, srcset, poster, cite }) });
}

/** `undefined`: there is no such attribute. `null`: its file is missing. */
function linkUrl(url: string | undefined, links: AssetLinks, use: ReferenceUse): string | null | undefined {
  const local = url === undefined ? null : parsePlaceholder(url);
  if (!local) return url;
  const link = links.get(local.reference);
  return link && !(link.isPage && use === 'resource') ? link.url + local.fragment : null;
}

function linkSrcset(srcset: string | undefined, links: AssetLinks): string | null | undefined {
  const candidates = srcset?.split(', ').flatMap((candidate) => {
    const [placeholder = '', descriptor = ''] = candidate.split(' ');
    const url = linkUrl(placeholder, links, 'resource');
    return url ? [`${url.replaceAll(',', '%2C')} ${descriptor}`.trim()] : [];
  });
  return candidates?.length === 0 ? null : candidates?.join(', ');
}

/** What the author says of the size is believed. */
function sizeOf(tag: OpenTag, links: AssetLinks): Record<string, string> {
  const local = parsePlaceholder(tag.attributes.get('src') ?? '');
  const size = local ? links.get(local.reference)?.size : null;
  if (!size || tag.attributes.has('width') || tag.attributes.has('height')) return {};
  return { width: String(size.width), height: String(size.height) };
}

function present(values: Readonly<Record<string, string | null | undefined>>): Record<string, string | null> {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

function insteadOf(tag: OpenTag): readonly HtmlPiece[] {
  const alt = tag.name === 'img' ? tag.attributes.get('alt') : undefined;
  return alt ? [{ kind: 'text', html: escapeHtml(alt) }] : [];
}

/** HTML Standard §4.8.1: a `picture` without its `img` shows nothing, whatever its sources are. */
function unwrapPictures(html: string): string {
  return html.replace(/<picture\b[^>]*>([\s\S]*?)<\/picture>/g, (whole, inside: string) =>
    inside.includes('<img') ? whole : inside.replace(/<source\b[^>]*>/g, ''),
  );
}
