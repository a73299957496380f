/** What the answers about a feed say beside its entity tag and length. */
import type { Publication } from '../../domain/publication.ts';
import { contentTypeOf } from '../content-types.ts';
import { composeSecurityHeaders, DRAWING_POLICY } from '../security-headers.ts';
import type { FeedHeaders } from './feed-document.ts';

/** How long a copy may be used unasked, in seconds. */
export const FEED_SECONDS = 300;

/** Value of `Link` for a document (path below `public/`): its hubs and its one `rel="self"` (WebSub §4); null for none. */
export type LinkOf = (path: string) => string | null;

export function openFeedHeaders(publication: Publication, linkOf: LinkOf): (path: string) => FeedHeaders {
  const security = composeSecurityHeaders(publication);
  const keeping = {
    'Cache-Control': `public, max-age=${FEED_SECONDS}`,
    // RFC 3229 §10.5.3 makes the last two part of what decides the answer.
    Vary: 'Accept-Encoding, A-IM, If-None-Match',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'ETag, Last-Modified, IM, Delta-Base, Link',
  };
  return (path) => {
    const link = linkOf(path);
    return {
      keeping,
      describing: {
        ...security,
        'Content-Type': contentTypeOf(path.slice(path.lastIndexOf('/') + 1)).type,
        'Content-Security-Policy': DRAWING_POLICY,
        ...(link !== null && { Link: link }),
      },
    };
  };
}
