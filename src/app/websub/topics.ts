/** The topics: feeds that hubs are told of, and that name their hubs. Archives are none, for they hardly change. */
import type { Publication } from '../../domain/publication.ts';

const TYPES: Readonly<Record<string, string>> = {
  'rss.xml': 'application/rss+xml; charset=utf-8',
  'atom.xml': 'application/atom+xml; charset=utf-8',
  'feed.json': 'application/feed+json; charset=utf-8',
};

/** `path`: below `public/`. */
export function isTopic(path: string): boolean {
  return /^(?:tags\/[^/]+\/)?(?:rss\.xml|atom\.xml|feed\.json)$/u.test(path);
}

export function topicUrl(publication: Pick<Publication, 'url'>, path: string): string {
  return new URL(path.split('/').map(encodeURIComponent).join('/'), publication.url).href;
}

/** Path below `public/`, or null for a URL that is no topic. */
export function topicPath(publication: Pick<Publication, 'url'>, topic: string): string | null {
  if (!topic.startsWith(publication.url)) return null;
  try {
    const path = decodeURIComponent(topic.slice(publication.url.length));
    return isTopic(path) && topicUrl(publication, path) === topic ? path : null;
  } catch {
    return null;
  }
}

export function topicType(path: string): string {
  return TYPES[path.slice(path.lastIndexOf('/') + 1)] ?? 'application/octet-stream';
}

/** Value of a `Link` header: the hubs and, once, the topic itself (WebSub §4, RFC 8288). */
export function composeLink(hubs: readonly string[], topic: string): string {
  return [...hubs.map((hub) => `<${hub}>; rel="hub"`), `<${topic}>; rel="self"`].join(', ');
}
