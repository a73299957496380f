/**
 * Sanitised HTML as a list of pieces, so that a pass over it is a plain loop. Only for what `sanitiseHtml` printed: there every
 * `<` opens a tag, every attribute value stands in double quotes, and every element is closed.
 */

export type OpenTag = {
  readonly kind: 'open';
  readonly name: string;
  /** Values without entities, in order. */
  readonly attributes: ReadonlyMap<string, string>;
};

export type HtmlPiece =
  | OpenTag
  | { readonly kind: 'close'; readonly name: string }
  /** As it stands in the document, entities and all. */
  | { readonly kind: 'text'; readonly html: string };

const TAG = /<(\/?)([a-z][a-z0-9]*)([^>]*)>/g;
const ATTRIBUTE = /([a-z-]+)(?:="([^"]*)")?/g;
const VOID = new Set(['br', 'col', 'hr', 'img', 'source', 'track', 'wbr']);
const NAMED: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

export function isVoid(name: string): boolean {
  return VOID.has(name);
}

export function parseHtmlPieces(html: string): readonly HtmlPiece[] {
  const pieces: HtmlPiece[] = [];
  let end = 0;
  for (const match of html.matchAll(TAG)) {
    if (match.index > end) pieces.push({ kind: 'text', html: html.slice(end, match.index) });
    end = match.index + match[0].length;
    const [, slash, name = '', attributes = ''] = match;
    if (slash) pieces.push({ kind: 'close', name });
    else pieces.push({ kind: 'open', name, attributes: parseAttributes(attributes) });
  }
  if (end < html.length) pieces.push({ kind: 'text', html: html.slice(end) });
  return pieces;
}

export function renderHtmlPieces(pieces: readonly HtmlPiece[]): string {
  let html = '';
  for (const piece of pieces) html += renderPiece(piece);
  return html;
}

export function openTag(name: string, attributes: Iterable<readonly [string, string]> = []): OpenTag {
  return { kind: 'open', name, attributes: new Map(attributes) };
}

/** The same tag with some attributes changed, added, or (null) taken away. */
export function withAttributes(tag: OpenTag, changes: Readonly<Record<string, string | null>>): OpenTag {
  const attributes = new Map(tag.attributes);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) attributes.delete(name);
    else attributes.set(name, value);
  }
  return { ...tag, attributes };
}

export function escapeHtml(text: string): string {
  if (!/[&<>"]/.test(text)) return text;
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Undoes `escapeHtml`: the sanitiser leaves no other entity. */
export function unescapeHtml(html: string): string {
  if (!html.includes('&')) return html;
  return html.replace(/&(?:amp|lt|gt|quot);/g, (entity) => NAMED[entity] ?? entity);
}

/** The text of a fragment, white space folded. Tags leave nothing behind, `<br>` a space. */
export function textOfPieces(pieces: readonly HtmlPiece[]): string {
  const parts = pieces.map((piece) => {
    if (piece.kind === 'text') return unescapeHtml(piece.html);
    return piece.kind === 'open' && piece.name === 'br' ? ' ' : '';
  });
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** What stands inside the element that opens at `start`. An element of the same name inside ends it early. */
export function piecesInside(pieces: readonly HtmlPiece[], start: number): readonly HtmlPiece[] {
  const tag = pieces[start];
  if (tag?.kind !== 'open') return [];
  let end = start + 1;
  for (; end < pieces.length; end += 1) {
    const piece = pieces[end];
    if (piece?.kind === 'close' && piece.name === tag.name) break;
  }
  return pieces.slice(start + 1, end);
}

function parseAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) attributes.set(name, unescapeHtml(value));
  return attributes;
}

function renderPiece(piece: HtmlPiece): string {
  if (piece.kind === 'text') return piece.html;
  if (piece.kind === 'close') return `</${piece.name}>`;
  if (piece.attributes.size === 0) return `<${piece.name}>`;
  const attributes = [...piece.attributes].map(([name, value]) =>
    value === '' && name !== 'alt' ? ` ${name}` : ` ${name}="${escapeHtml(value)}"`,
  );
  return `<${piece.name}${attributes.join('')}>`;
}
