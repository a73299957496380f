/** Wires the desk that answers feeds: what it tells of readers, and when a publish is over. */
import { join } from 'node:path';
import { type FeedDesk, openFeedDesk } from '../http/feeds/feed-desk.ts';
import { openFeedHeaders } from '../http/feeds/feed-headers.ts';
import { openFeedShelf } from '../http/feeds/feed-shelf.ts';
import type { OpenRenga } from './open-renga.ts';

export function openFeeds({ renga, onEvent }: OpenRenga): FeedDesk {
  const { publication, cache, clock } = renga;
  const shelf = openFeedShelf({
    folder: join(renga.root, 'public'),
    cache,
    headersOf: openFeedHeaders(publication, () => null),
  });
  onEvent((event) => {
    if (event.kind === 'site-written') shelf.settle();
  });
  return openFeedDesk({ shelf, clock, count: () => undefined });
}
