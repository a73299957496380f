/** Reads a set of feeds from the disk and judges whether it is whole: all of its documents from one publish, and none half-written. */
import { join } from 'node:path';
import type { Cache } from '../../domain/cache.ts';
import { openPublicFile } from '../open-public-file.ts';
import { readBody } from '../read-public-file.ts';
import type { AnsweringFeed } from './answer-feed.ts';
import { openDeltas } from './feed-delta.ts';
import { type FeedHeaders, type FeedSource, prepareDocument, readSource, weigh } from './feed-document.ts';
import { isSameLook, type Look, lookAt } from './feed-looks.ts';
import { recallPast } from './feed-past.ts';
import { doAgree } from './feed-set.ts';

export type ShelfMeans = {
  /** `public/`, absolute. */
  readonly folder: string;
  readonly cache: Pick<Cache, 'get' | 'put'>;
  readonly headersOf: (path: string) => FeedHeaders;
};

export type ShelvedSet = {
  /** What was on the disk when the set was judged, by path. */
  readonly looks: ReadonlyMap<string, Look>;
  readonly feeds: ReadonlyMap<string, AnsweringFeed>;
  /** False: what was on the disk did not agree, and these are the documents from before, if there were any. */
  readonly isCurrent: boolean;
  /** A publish ended since, which should have mended it: if it is still as it was, that is how it is meant. */
  readonly isOverdue: boolean;
  /** Bytes of memory, roughly. */
  readonly weight: number;
};

/** Larger documents are sent from their file. */
const LARGEST_DOCUMENT = 4 << 20;

export async function judgeSet(
  means: ShelfMeans,
  paths: readonly string[],
  earlier: ShelvedSet | undefined,
): Promise<ShelvedSet> {
  const looks = new Map<string, Look>();
  const sources: FeedSource[] = [];
  for (const path of paths) {
    // Looked at before it is read: what comes between the two is seen at the next look.
    looks.set(path, lookAt(join(means.folder, path)));
    const source = await readFeed(means.folder, path);
    if (source) sources.push(source);
  }
  const isStuck = earlier?.isOverdue === true && paths.every((path) => isStill(path, earlier, looks));
  if (!doAgree(sources) && !isStuck) {
    const { feeds = new Map<string, AnsweringFeed>(), weight = 0 } = earlier ?? {};
    return { looks, feeds, isCurrent: false, isOverdue: false, weight };
  }
  const prepared = await Promise.all(sources.map(async (source) => await prepare(means, source, earlier)));
  const feeds = new Map(prepared.map((feed) => [feed.document.path, feed]));
  const weight = prepared.reduce((sum, { document }) => sum + weigh(document), 0);
  return { looks, feeds, isCurrent: true, isOverdue: false, weight };
}

function isStill(path: string, { looks }: ShelvedSet, now: ReadonlyMap<string, Look>): boolean {
  return isSameLook(now.get(path) ?? null, looks.get(path) ?? null);
}

async function readFeed(folder: string, path: string): Promise<FeedSource | null> {
  const file = await openPublicFile(folder, path.split('/'));
  if (file === 'not-there' || file === 'folder') return null;
  if (file.size > LARGEST_DOCUMENT) {
    await file.handle.close();
    return null;
  }
  const bytes = Buffer.from(await new Response(await readBody(file)).arrayBuffer());
  return readSource(path, bytes, file.modified);
}

/** A document that is as it was is not prepared again. */
async function prepare(
  { cache, headersOf }: ShelfMeans,
  source: FeedSource,
  earlier: ShelvedSet | undefined,
): Promise<AnsweringFeed> {
  const known = earlier?.feeds.get(source.path);
  if (known?.document.modified === source.modified && known.document.bytes.equals(source.bytes)) return known;
  const document = await prepareDocument(source, headersOf(source.path));
  return { document, findDelta: openDeltas(document, recallPast(cache, document)) };
}
