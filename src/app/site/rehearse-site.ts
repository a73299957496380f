/**
 * The lists of a site as it was, made while a scout still looks at what is there now: those that are to be written come of them, and are patched, as in a round of a program
 * that runs on.
 */
import { refuseTwins } from '../../posts/refuse-twins.ts';
import { feedGroups, inFeeds } from '../feeds/feed-outputs.ts';
import { openFeedJudge } from '../feeds/judge-feeds.ts';
import { planFeeds } from '../feeds/plan-feeds.ts';
import { settleFeedBase } from '../feeds/settle-feed-ids.ts';
import type { Renga } from '../renga.ts';
import { describePages } from './describe-pages.ts';
import type { SiteMemory } from './site-memory.ts';

/** `memory`: just recalled. It changes nothing but that. Throws Forgotten where the cache lost what is asked. */
export async function rehearseSite(renga: Renga, memory: SiteMemory): Promise<void> {
  const { posts, identities, entries, feeds, pages, shown } = memory;
  const files = posts.rehearse();
  refuseTwins(files);
  identities.rehearse(files);
  const { last } = entries;
  if (!last || !shown) return;
  describePages(renga, last, pages);
  const base = await settleFeedBase(renga, true);
  const plan = planFeeds(renga, inFeeds(last), shown.newest, base, feeds.known, feeds.sorting);
  const judge = openFeedJudge(renga, renga.clock());
  feedGroups(renga, last, plan, judge, { hubs: renga.websub.hubs, deleted: [] }, feeds);
}
