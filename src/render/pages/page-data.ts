/** What the page templates are given, as plain JSON: `site` for every page, `page` for its head, and posts as they list them. */
import { renderHaikuLine } from '../../domain/haiku.ts';
import { isLoopbackUrl } from '../../domain/is-reachable-url.ts';
import type { Publication } from '../../domain/publication.ts';
import { cleanLine } from '../clean-text.ts';
import type { FeedData } from './feed-list.ts';
import type { PageEntry } from './page-entry.ts';

export type SiteData = {
  readonly title: string;
  readonly description: string;
  readonly author: string;
  readonly url: string;
  readonly language: string;
  readonly rss: string;
  readonly atom: string;
  readonly json: string;
  readonly feeds: string;
  readonly archive: string;
  readonly digests: string;
  /** Where readers sign up; null where no server that they reach is known. */
  readonly subscribe: string | null;
  readonly tags: string;
  readonly opml: string;
  readonly style: string;
  readonly script: string;
  readonly icon: string;
};

/** Links under the publication's URL, which may have a path. */
export function composeSiteData(publication: Publication): SiteData {
  const below = (path: string): string => new URL(path, publication.url).href;
  return {
    title: cleanLine(publication.title),
    description: cleanLine(publication.description),
    author: cleanLine(publication.author),
    url: publication.url,
    language: publication.language,
    rss: below('rss.xml'),
    atom: below('atom.xml'),
    json: below('feed.json'),
    feeds: below('feeds/'),
    archive: below('archive/'),
    digests: below('digests/'),
    subscribe: composeSubscribeUrl(publication),
    tags: below('tags/'),
    opml: below('feeds.opml'),
    // Without the host, so that a page looks the same wherever it is tried.
    style: new URL(below('style.css')).pathname,
    script: new URL(below('feeds.js')).pathname,
    icon: new URL(below('icon.svg')).pathname,
  };
}

/** Pages for readers elsewhere, and a server at this machine only: nobody is led to a form that is not there. */
function composeSubscribeUrl({ url, serverUrl }: Publication): string | null {
  const isOutOfReach = isLoopbackUrl(serverUrl) && !isLoopbackUrl(url);
  return isOutOfReach ? null : new URL('subscribe', serverUrl).href;
}

export type HeadData = {
  readonly title: string;
  readonly description: string;
  /** Both '' for a page that is nobody else's to find. */
  readonly url: string;
  readonly canonical: string;
  readonly type: 'website' | 'article';
  readonly image: string | null;
  readonly isIndexed: boolean;
  /** Feeds to be found from here besides the main one. */
  readonly feeds: readonly FeedData[];
};

/** The head of a page that is not a post's. */
export function composeHeadData(site: SiteData, title: string, path: string): HeadData {
  const url = new URL(path, site.url).href;
  const description = site.description === '' ? site.title : site.description;
  return {
    title,
    description,
    url,
    canonical: url,
    type: 'website',
    image: null,
    isIndexed: true,
    feeds: [],
  };
}

/** The head of a page for one person, or for one moment: it stands nowhere that others could be led to. */
export function composePrivateHead(site: SiteData, title: string): HeadData {
  const head = composeHeadData(site, `${title} – ${site.title}`, '');
  return { ...head, url: '', canonical: '', isIndexed: false };
}

export type PostData = {
  readonly url: string;
  readonly title: string;
  /** The same; '' when the haiku is the title, which a page then need not say twice. */
  readonly ownTitle: string;
  readonly haiku: readonly string[];
  readonly date: string;
  readonly dateIso: string;
  readonly tags: readonly string[];
  readonly author: string | null;
  readonly summary: string;
};

export function composePostData({ post, url, summary }: PageEntry, dates: Intl.DateTimeFormat): PostData {
  return {
    url,
    title: cleanLine(post.title),
    ownTitle: post.haiku && post.title === renderHaikuLine(post.haiku) ? '' : cleanLine(post.title),
    haiku: (post.haiku ?? []).map(cleanLine),
    date: dates.format(new Date(post.publishedAt.epochMilliseconds)),
    dateIso: post.publishedAt.toString({ timeZoneName: 'never', smallestUnit: 'second' }),
    tags: post.tags.map(cleanLine),
    author: post.author === null ? null : cleanLine(post.author),
    summary: cleanLine(summary),
  };
}

const opened = new WeakMap<Publication, Intl.DateTimeFormat>();

/** Dates in the publication's language and zone; made once, for it is costly. */
export function openDates(publication: Publication): Intl.DateTimeFormat {
  const { language, zone } = publication;
  const dates =
    opened.get(publication) ?? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: zone });
  opened.set(publication, dates);
  return dates;
}
