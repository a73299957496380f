/** The feeds as outputs: the newest posts, and the volumes of all others, each in three formats that come of one rendering. */
import { createHash } from 'node:crypto';
import type { Output } from '../../domain/output.ts';
import { PLAIN_PODCAST } from '../../domain/podcast.ts';
import { compareNewestFirst } from '../../domain/post.ts';
import { keepFor, patchList } from '../../domain/succession.ts';
import type { Volume } from '../../domain/volume.ts';
import {
  type DeletedEntry,
  FEED_FILES,
  type FeedDocument,
  type FeedFormat,
  type FeedHistory,
  feedUrl,
} from '../../render/feeds/feed-document.ts';
import { type RenderedFeeds, renderFeeds } from '../../render/feeds/render-feeds.ts';
import { composeContent } from '../../render/feeds/feed-entry.ts';
import { renderOpml } from '../../render/feeds/render-opml.ts';
import { fingerprintOf } from './fingerprint-document.ts';
import { composeTagFeedTitle, tagFolder } from '../../render/pages/feed-list.ts';
import { groupTags, type Tag } from '../entries/group-tags.ts';
import { giveWay } from '../give-way.ts';
import { readTexts, type TextReader } from './read-texts.ts';
import type { FeedJudge } from './judge-feeds.ts';
import { type FeedPlan, fitFeed } from './plan-feeds.ts';
import { loadEntry, type PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

type Publisher = TextReader &
  Pick<Renga, 'publication' | 'settings' | 'version'> &
  Pick<FeedPlan, 'base'> & { readonly press: Press };

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

/** In the order they are to be written: volumes before the feed that names them. */
export function feedOutputs(
  publisher: Omit<Publisher, 'base' | 'press'>,
  published: readonly PreparedEntry[],
  plan: FeedPlan,
  judge: FeedJudge,
  news: FeedNews = NO_NEWS,
): readonly Output[] {
  const renga = { ...publisher, base: plan.base, press: openPress(publisher, judge) };
  const prepared = inFeeds(published);
  // A tag has its page, and so its feed, though no feed may have its posts.
  const tags = groupTags(published).map(({ name, slug, entries }) => ({
    name,
    slug,
    entries: inFeeds(entries),
  }));
  return [
    ...volumeOutputs(renga, prepared, plan.volumes),
    ...tags.flatMap((tag) => tagFeedOutputs(renga, tag, news)),
    ...mainOutputs(renga, prepared, plan, news),
    opmlOutput(renga, tags),
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
    fingerprint: createHash('sha256').update(opml).digest('hex'),
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
): readonly Output[] {
  if (volumes.length === 0) return [];
  const numberOf = new Map(volumes.flatMap(({ number, posts }) => posts.map((id) => [id, number])));
  // Grouping keeps the order of `prepared`: newest first.
  const byVolume = Map.groupBy(prepared, (entry) => numberOf.get(entry.post.id));
  const folderAt = (index: number): string | null => {
    const volume = volumes[index];
    return volume ? folderOf(volume) : null;
  };
  return volumes.flatMap((volume, index) => {
    const older = index === 0 ? null : folderAt(index - 1);
    const history: FeedHistory = { kind: 'volume', older, newer: folderAt(index + 1) };
    return documentOutputs(renga, byVolume.get(volume.number) ?? [], {
      folder: folderOf(volume),
      history,
      // Read once by few: half the size is worth more.
      hasPlainText: false,
      ...NO_NEWS,
    });
  });
}

function folderOf({ name }: Volume): string {
  return `archive/${name}/`;
}

type DocumentPlan = Pick<FeedDocument, 'folder' | 'history' | 'hubs' | 'deleted'> & {
  /** Whether JSON says each text once more as plain text. */
  readonly hasPlainText: boolean;
} & Partial<Pick<FeedDocument, 'feedFolder' | 'title' | 'homeUrl'>>;

/** A document before it is rendered. */
type PlannedDocument = {
  readonly frame: Omit<FeedDocument, 'entries' | 'textOf'> & Pick<DocumentPlan, 'hasPlainText'>;
  readonly entries: readonly PreparedEntry[];
};

/** Three outputs of one rendering, which is done when the first of them is asked for. */
function documentOutputs(
  { publication, settings, version, press, base }: Publisher,
  entries: readonly PreparedEntry[],
  plan: DocumentPlan,
): readonly Output[] {
  const frame: PlannedDocument['frame'] = {
    publication,
    version,
    content: settings.feeds.content,
    podcast: settings.feeds.podcast ?? PLAIN_PODCAST,
    base,
    feedFolder: '',
    title: publication.title,
    homeUrl: publication.url,
    ...plan,
  };
  const fingerprint = fingerprintOf(JSON.stringify(frame), entries);
  const document: PlannedDocument = { frame, entries };
  return Object.entries(FEED_FILES).map(([format, file]) => ({
    path: `${frame.folder}${file}`,
    fingerprint,
    render: async () => (await press(document))?.[format as FeedFormat] ?? null,
  }));
}

/** Renders a document, and shows it to the judge: all three formats or none, so that they always agree. */
type Press = (document: PlannedDocument) => Promise<RenderedFeeds | null>;

/**
 * This thread makes every document, one after the other: several at once would only hold more texts, each some of a megabyte, many times over. For the same reason
 * it remembers the last one only: the formats of one are asked for right after each other, where they are asked for at all.
 */
function openPress(reader: TextReader, judge: FeedJudge): Press {
  let free: Promise<unknown> = Promise.resolve();
  let last: { readonly document: PlannedDocument; readonly feeds: ReturnType<Press> } | null = null;
  const judged = async (document: PlannedDocument): ReturnType<Press> => {
    const { frame, entries } = document;
    const rendering = free.then(async () => await renderDocument(reader, document));
    free = rendering.catch(() => undefined);
    const feeds = await rendering;
    return (await judge.passes(frame.folder, feeds, entries)) ? feeds : null;
  };
  return async (document) => {
    if (last?.document !== document) last = { document, feeds: judged(document) };
    return await last.feeds;
  };
}

async function renderDocument(
  reader: TextReader,
  { frame: { hasPlainText, ...frame }, entries }: PlannedDocument,
): Promise<RenderedFeeds> {
  const loaded = await Promise.all(entries.map(loadEntry));
  const htmls = hasPlainText ? loaded.map((entry) => composeContent(entry, frame.content)) : null;
  const textOf = htmls && (await readTexts(reader, htmls));
  await giveWay();
  return renderFeeds({ ...frame, entries: loaded, textOf });
}
