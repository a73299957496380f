/** Documents that were reviewed by a person, beside the main feed's: a volume, a tag's feed, the list of all feeds, and an episode. */
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/domain/entry.ts';
import { parsePodcastCategory } from '../../../src/domain/podcast.ts';
import { FEED_FILES, type FeedDocument } from '../../../src/render/feeds/feed-document.ts';
import { renderFeeds } from '../../../src/render/feeds/render-feeds.ts';
import { renderOpml } from '../../../src/render/feeds/render-opml.ts';
import { PUBLICATION, sampleDocument, sampleEntry, SAMPLES } from './sample-entries.ts';

const VOLUME: FeedDocument = {
  ...sampleDocument(SAMPLES.slice(1)),
  folder: 'archive/2026/',
  history: { kind: 'volume', older: 'archive/2025/', newer: 'archive/2026-2/' },
  textOf: null,
};

const TAG: FeedDocument = {
  ...sampleDocument(SAMPLES.slice(0, 1)),
  folder: 'tags/俳句/',
  feedFolder: 'tags/俳句/',
  title: 'Bits & <Bobs>: 俳句',
  homeUrl: `${PUBLICATION.url}tags/%E4%BF%B3%E5%8F%A5/`,
  history: { kind: 'newest', older: null },
  hubs: ['https://hub.example/?a=1&b=2'],
  textOf: null,
};

const EPISODE: Entry = {
  ...sampleEntry({ slug: 'fan', title: 'The fan & its note', haiku: ['one', 'two', 'three'] }),
  imageUrl: `${PUBLICATION.url}fan/a&b.jpg`,
  media: [
    { kind: 'audio', url: `${PUBLICATION.url}fan/a&b.mp3`, type: 'audio/mpeg', bytes: 123_456, size: null },
    {
      kind: 'image',
      url: `${PUBLICATION.url}fan/a&b.jpg`,
      type: 'image/jpeg',
      bytes: 7890,
      size: { width: 1400, height: 1401 },
    },
  ],
};

const PODCAST: FeedDocument = {
  ...sampleDocument([EPISODE, ...SAMPLES.slice(2)]),
  podcast: {
    category: parsePodcastCategory('society & culture>Documentary'),
    explicit: true,
    imageUrl: 'https://example.org/cover.jpg?a=1&b=2.jpg',
  },
};

describe.each([
  ['volume', VOLUME],
  ['tag', TAG],
  ['podcast', PODCAST],
])('a %s', (name, document) => {
  it.each(['rss', 'atom', 'json'] as const)('is in %s as it was reviewed', async (format) => {
    await expect(renderFeeds(document)[format]).toMatchFileSnapshot(`golden/${name}-${FEED_FILES[format]}`);
  });
});

it('feeds.opml is as it was reviewed', async () => {
  const listed = (title: string, folder: string) => ({
    title,
    feedUrl: `${PUBLICATION.url}${folder}atom.xml`,
    homeUrl: `${PUBLICATION.url}${folder}`,
  });
  const opml = renderOpml(PUBLICATION, listed(PUBLICATION.title, ''), [listed('A "b" & <c>', 'tags/a/')]);
  await expect(opml).toMatchFileSnapshot('golden/feeds.opml');
});

describe('a feed', () => {
  it('says what it is as a podcast only where an entry has sound', () => {
    const { podcast } = PODCAST;
    const silent = renderFeeds({ ...PODCAST, entries: SAMPLES });
    for (const text of Object.values(silent)) expect(text).not.toContain('itunes');
    const { rss } = renderFeeds({ ...PODCAST, podcast: { ...podcast, category: null, imageUrl: null } });
    expect(rss).not.toMatch(/<itunes:category|<itunes:image href="https:\/\/example.org\/cover/);
    expect(rss).toContain('<itunes:explicit>true</itunes:explicit>');
  });
});
