/** The part of the schema about feeds that were: where readers find what they knew under another address. */
import { z } from 'zod';
import type { FormerFeeds } from '../domain/former-feeds.ts';
import type { MisplacedValue } from './mistake.ts';
import { textKind } from './setting-kinds.ts';

/** Names that stand for themselves in URLs and in the settings of every web server. */
const NAME = String.raw`[\p{L}\p{N}_~-][\p{L}\p{M}\p{N}._~-]*`;
const PATH = new RegExp(`^(?:/${NAME})+/?$`, 'u');
const FEED = new RegExp(`^/?((?:tags/${NAME}/)?(?:rss\\.xml|atom\\.xml|feed\\.json))$`, 'u');
const EXPECTED = 'a path that begins with /, without query or %: /index.xml';

/** What `serve` answers itself, whatever the files are. */
const TAKEN =
  /^(?:rss\.xml|atom\.xml|feed\.json|feeds\.opml|index\.html|(?:confirm|healthz|inbox|metrics|subscribe|undo|unsubscribe|websub)(?:\/.*)?)$/u;

export const MOVED_FEEDS = z
  .record(
    z.string().regex(PATH).max(200),
    textKind(
      'a feed such as rss.xml, atom.xml, feed.json or tags/NAME/rss.xml, or an address that begins with https:// or http://',
      parseTarget,
    ).meta({
      description: 'Former address of a feed, such as /index.xml, and the feed that it leads to now (301).',
    }),
    {
      error: (issue) =>
        issue.code === 'invalid_key' ? `must be ${EXPECTED}` : 'must be lines of "/former/path: rss.xml"',
    },
  )
  .default({})
  .meta({ description: 'Former addresses of feeds, each with the feed that it leads to now.' });

export const RETIRED_FEEDS = z
  .array(
    textKind(EXPECTED, (text) => (PATH.test(text) ? text : null)),
    { error: 'must be a list of paths' },
  )
  .default([])
  .meta({ description: 'Former addresses of feeds that are gone for good (410).' });

type Written = { readonly moved: Readonly<Record<string, string>>; readonly retired: readonly string[] };

function parseTarget(text: string): string | null {
  const own = FEED.exec(text.trim())?.[1];
  if (own !== undefined) return own;
  const url = /^https?:\/\//i.test(text.trim()) ? URL.parse(text.trim()) : null;
  const isPlain = url && url.username === '' && url.password === '' && !/[#$&\\]/.test(url.href);
  return isPlain && isDecodable(url.href) ? url.href : null;
}

function isDecodable(href: string): boolean {
  try {
    return decodeURI(href) !== '';
  } catch {
    return false;
  }
}

export function composeFormerFeeds({ moved, retired }: Written): FormerFeeds {
  const entries = Object.entries(moved).map(([path, target]) => [trimPath(path), target]);
  return { moved: Object.fromEntries(entries), retired: retired.map(trimPath) };
}

/** One answer for each address, and none for one that is in use: then nothing leads in a circle. */
export function checkFormerFeeds(written: Written | undefined): readonly MisplacedValue[] {
  if (!written) return [];
  const { moved, retired } = composeFormerFeeds(written);
  const movedPaths = Object.keys(moved);
  const former = new Set([...movedPaths, ...retired]);
  const judge = (key: 'moved' | 'retired', path: string): readonly string[] => [
    ...(TAKEN.test(path) ? [`feeds.${key} names an address that Renga answers itself`] : []),
    ...(Object.values(moved).includes(path) ? [`feeds.${key} names a feed that feeds.moved leads to`] : []),
  ];
  const found = [
    ...movedPaths.flatMap((path) =>
      judge('moved', path).map((message) => ({ path: ['feeds', 'moved'], message })),
    ),
    ...retired.flatMap((path) =>
      judge('retired', path).map((message) => ({ path: ['feeds', 'retired'], message })),
    ),
  ];
  const isTwice = former.size < Object.keys(written.moved).length + retired.length;
  const message = 'feeds.moved and feeds.retired name an address twice; a slash at its end makes no other';
  return isTwice ? [...found, { path: ['feeds', retired.length > 0 ? 'retired' : 'moved'], message }] : found;
}

function trimPath(path: string): string {
  return path.replace(/^\/|\/$/g, '');
}
