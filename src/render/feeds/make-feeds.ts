/** A feed document → its three files, once they have been read as readers will read them. Pure; runs in a workshop thread. */
import { checkFeeds } from './check/check-feeds.ts';
import type { FeedJob, FeedResult } from './feed-job.ts';
import { renderFeeds } from './render-feeds.ts';

export function makeFeeds({ texts, now, ...document }: FeedJob): FeedResult {
  const textOf = texts && ((html: string): string | null => texts.get(html) ?? null);
  const feeds = renderFeeds({ ...document, textOf });
  const faults = checkFeeds(feeds, { epochMilliseconds: now });
  if (faults.length > 0) return { kind: 'unfit', faults };
  const { rss, atom, json } = feeds;
  const encoder = new TextEncoder();
  const files = { rss: encoder.encode(rss), atom: encoder.encode(atom), json: encoder.encode(json) };
  return { kind: 'fit', files };
}
