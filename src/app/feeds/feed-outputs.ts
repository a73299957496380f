/** The feeds as outputs: the newest posts, and the volumes of all others, each in three formats that come of one rendering. */
import { hash } from 'node:crypto';
import type { Output } from '../../domain/output.ts';
import { compareNewestFirst } from '../../domain/post.ts';
import { keepFor, patchList } from '../../domain/succession.ts';
import type { Volume } from '../../domain/volume.ts';
import { type DeletedEntry, type FeedHistory, feedUrl } from '../../render/feeds/feed-document.ts';
import { renderOpml } from '../../render/feeds/render-opml.ts';
import { composeTagFeedTitle, tagFolder } from '../../render/pages/feed-list.ts';
import { groupTags, type Tag } from '../entries/group-tags.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import { documentOutputs, openPress, type Publisher } from './document-outputs.ts';
import { FeedMemory } from './feed-memory.ts';
import type { FeedJudge } from './judge-feeds.ts';
import { type FeedPlan, fitFeed } from './plan-feeds.ts';
import type { TextReader } from './read-texts.ts';

/** What the feeds say besides posts. */
export type FeedNews = {
  /** WebSub hubs, absolute URLs. */
  readonly hubs: readonly string[];
  /** Entries that are gone, for the main feed's Atom. */
  readonly deleted: readonly DeletedEntry[];
};

export const NO_NEWS: FeedNews = { hubs: [], deleted: [] };

/** Those that feeds may have. In their order. */
export const inFeeds: (entries: readonly PreparedEntry[]) => readonly PreparedEntry[] = keepFor(
  (entries) => (entries.every(isInFeeds) ? entries : entries.filter(isInFeeds)),
  (last, { before, added, removed }, entries) =>
    last === before && added.every(isInFeeds)
      ? entries
      : patchList(last, { added: added.filter(isInFeeds), removed }, (a, b) =>
          compareNewestFirst(a.post, b.post),
        ),
);

function isInFeeds({ post }: PreparedEntry): boolean {
  return post.inFeeds;
}

/** In groups, in the order they are to be written: volumes before the feed that names them. `memory`: of the last round. */
export function feedGroups(
  publisher: Omit<Publisher, 'base' | 'desk'> & TextReader,
  published: readonly PreparedEntry[],
  plan: FeedPlan,
  judge: FeedJudge,
  news: FeedNews = NO_NEWS,
  memory = new FeedMemory(),
): readonly (readonly Output[])[] {
  const { desk } = memory;
  desk.press = openPress(publisher, judge);
  const renga: Publisher = { ...publisher, base: plan.base, desk };
  const prepared = inFeeds(published);
  // A tag has its page, and so its feed, though no feed may have its posts.
  const tags = groupTags(published).map(({ name, slug, entries }) => ({
    name,
    slug,
    entries: inFeeds(entries),
  }));
  return [
    volumeOutputs(renga, prepared, plan.volumes, memory),
    [
      ...tags.flatMap((tag) => tagFeedOutputs(renga, tag, news)),
      ...mainOutputs(renga, prepared, plan, news),
      opmlOutput(renga, tags),
    ],
  ];
}

/** The newest posts of a tag. Its whole history is in the volumes, and on its page. */
function tagFeedOutputs(
  renga: Publisher,
  { name, slug, entries }: Tag,
  { hubs }: Pick<FeedNews, 'hubs'>,
): readonly Output[] {
  const newest = fitFeed(renga, entries.slice(0, renga.settings.feeds.entries));
  const isComplete = newest.length === entries.length;
  return documentOutputs(renga, newest, {
    folder: tagFolder(slug),
    feedFolder: tagFolder(slug),
    title: composeTagFeedTitle(renga.publication, name),
    homeUrl: homeOfTag(renga, slug),
    history: isComplete ? { kind: 'complete' } : { kind: 'newest', older: null },
    hasPlainText: false,
    ...NO_NEWS,
    hubs,
  });
}

/** Where another generator makes the pages, we know of no page for a tag. */
function homeOfTag({ publication, settings }: Publisher, slug: string): string {
  return settings.pages.enabled ? new URL(tagFolder(slug), publication.url).href : publication.url;
}

function opmlOutput(renga: Publisher, tags: readonly Tag[]): Output {
  const { publication } = renga;
  const ofTags = tags.map(({ name, slug }) => ({
    title: composeTagFeedTitle(publication, name),
    feedUrl: feedUrl(publication, tagFolder(slug), 'atom'),
    homeUrl: homeOfTag(renga, slug),
  }));
  const main = {
    title: publication.title,
    feedUrl: feedUrl(publication, '', 'atom'),
    homeUrl: publication.url,
  };
  const opml = renderOpml(publication, main, ofTags);
  return {
    path: 'feeds.opml',
    fingerprint: hash('sha256', opml),
    render: async () => await Promise.resolve(opml),
  };
}

function mainOutputs(
  renga: Publisher,
  prepared: readonly PreparedEntry[],
  { newest, volumes }: FeedPlan,
  news: FeedNews,
): readonly Output[] {
  const last = volumes.at(-1);
  // RFC 5005 §4: a feed is complete or archived, never both.
  const history: FeedHistory = last
    ? { kind: 'newest', older: folderOf(last) }
    : newest.length === prepared.length
      ? { kind: 'complete' }
      : { kind: 'newest', older: null };
  return documentOutputs(renga, newest, { folder: '', history, hasPlainText: true, ...news });
}

function volumeOutputs(
  renga: Publisher,
  prepared: readonly PreparedEntry[],
  volumes: readonly Volume[],
  memory: FeedMemory,
): readonly Output[] {
  if (volumes.length === 0) return [];
  const sorted = memory.sorting.sort(prepared, volumes);
  const { publication, version, settings, base } = renga;
  const shared = hash('sha256', JSON.stringify([publication, version, settings.feeds, base]));
  const folderAt = (index: number): string | null => {
    const volume = volumes[index];
    return volume ? folderOf(volume) : null;
  };
  return volumes.flatMap((volume, index) => {
    const older = index === 0 ? null : folderAt(index - 1);
    const newer = folderAt(index + 1);
    const history: FeedHistory = { kind: 'volume', older, newer };
    const entries = sorted.get(volume.number) ?? NONE;
    return memory.recall(
      volume.number,
      { frame: `${shared} ${older} ${volume.name} ${newer}`, entries },
      () =>
        documentOutputs(renga, entries, {
          folder: folderOf(volume),
          history,
          // Read once by few: half the size is worth more.
          hasPlainText: false,
          ...NO_NEWS,
        }),
    );
  });
}

const NONE: readonly PreparedEntry[] = [];

function folderOf({ name }: Volume): string {
  return `archive/${name}/`;
}
