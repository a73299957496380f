/**
 * Headers that keep a page what it is: no script or style but our own, no frame around it, no guessing of types. Content-Security-Policy 3;
 * RFC 6797 for Strict-Transport-Security; RFC 7034 for X-Frame-Options.
 */
import type { Publication } from '../domain/publication.ts';

export type HeaderList = Readonly<Record<string, string>>;

/** For every response, unless a route says otherwise. */
export function composeSecurityHeaders(publication: Pick<Publication, 'serverUrl'>): HeaderList {
  const isHttps = publication.serverUrl.startsWith('https:');
  return {
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Content-Security-Policy': "frame-ancestors 'none'",
    // One host only: its siblings are not ours to bind. Sent over plain http it would be ignored (RFC 6797 §8.1), so it is left out there.
    ...(isHttps && { 'Strict-Transport-Security': 'max-age=31536000' }),
  };
}

/**
 * For HTML pages. Pages link their style and icon absolutely under `publication.url`, which may be another origin than the one that serves
 * them here; pictures of posts may come from anywhere.
 */
export function pagePolicy(publication: Pick<Publication, 'url'>): string {
  return composePolicy(publication, '');
}

/** For a digest's page: it is a mail, which has its styles on its elements, and can run nothing. */
export function digestPolicy(publication: Pick<Publication, 'url'>): string {
  return composePolicy(publication, " 'unsafe-inline'");
}

function composePolicy(publication: Pick<Publication, 'url'>, styles: string): string {
  const own = `'self' ${new URL(publication.url).origin}`;
  return [
    "default-src 'none'",
    `script-src ${styles === '' ? own : "'none'"}`,
    `style-src ${own}${styles}`,
    `font-src ${own}`,
    `connect-src ${own}`,
    `manifest-src ${own}`,
    'img-src * data:',
    'media-src *',
    `form-action ${own}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** For SVG and other XML opened as a document: it may be drawn with its own styles, and can run nothing. */
export const DRAWING_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox; frame-ancestors 'none'";

/** For pages that belong to one person and a moment: kept nowhere, told to nobody, found by no search. */
export const PRIVATE_HEADERS: HeaderList = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow',
};
