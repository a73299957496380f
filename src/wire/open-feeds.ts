/** Wires the desk that answers feeds: what it tells of readers, and when a publish is over. */
import { join } from 'node:path';
import { openReaderTally } from '../app/feeds/tally-readers.ts';
import { composeLink, isTopic, topicUrl } from '../app/websub/topics.ts';
import { type FeedDesk, openFeedDesk } from '../http/feeds/feed-desk.ts';
import { openFeedHeaders } from '../http/feeds/feed-headers.ts';
import { openFeedShelf } from '../http/feeds/feed-shelf.ts';
import type { OpenRenga } from './open-renga.ts';

/** How often what was counted is written to the store. */
const KEEP_EVERY_MILLISECONDS = 60_000;

export type OpenFeeds = {
  readonly desk: FeedDesk;
  /** Writes what was counted last. Before the store closes; never throws. */
  readonly close: () => Promise<void>;
};

export function openFeeds({ renga, onEvent }: OpenRenga): OpenFeeds {
  const { publication, cache, clock } = renga;
  const { hubs } = renga.websub;
  const shelf = openFeedShelf({
    folder: join(renga.root, 'public'),
    cache,
    headersOf: openFeedHeaders(publication, (path) =>
      hubs.length > 0 && isTopic(path) ? composeLink(hubs, topicUrl(publication, path)) : null,
    ),
  });
  onEvent((event) => {
    if (event.kind === 'site-written') void shelf.settle();
  });
  void shelf.warm();
  const tally = openReaderTally(renga);
  // Figures that could not be kept now are kept with the next ones.
  const keep = async (): Promise<void> => await tally.keep().catch(() => undefined);
  const timer = setInterval(() => void keep(), KEEP_EVERY_MILLISECONDS).unref();
  return {
    desk: openFeedDesk({ shelf, clock, count: tally.count }),
    close: async () => {
      clearInterval(timer);
      await keep();
    },
  };
}
