/** Ids of feeds: what readers know a feed by stays, wherever the publication goes and whatever becomes of its database. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAtomFeed } from 'feedsmith';
import { describe, expect, it } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import { settleFeedBase } from '../../../src/app/feeds/settle-feed-ids.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
import { START, openForEach } from '../example-publication.ts';

const example = openForEach();

const ELSEWHERE = { ...PUBLICATION, url: 'https://elsewhere.example/' };
const LOCAL = { ...PUBLICATION, url: 'http://127.0.0.1:8080/' };

const settle = async (
  publication = PUBLICATION,
  store = example.renga.store,
  dryRun = false,
  base: string | null = null,
) => await settleFeedBase({ root: example.root, store, publication, settings: { feeds: { base } } }, dryRun);

/** A store that knows nothing, as after a loss. */
async function openEmptyStore() {
  await rm(join(example.root, 'var', 'other.db'), { force: true });
  return await openStore({ location: join(example.root, 'var', 'other.db'), now: START });
}

describe('ids of feeds', () => {
  it('stay the same for main feed, tags and volumes when the domain and the scheme change', async () => {
    const { renga } = example;
    const settings = { ...renga.settings, feeds: { ...renga.settings.feeds, entries: 1 } };
    for (const day of ['01', '02', '03']) {
      await example.write(
        `posts/p${day}.md`,
        `---\ndate: 2026-11-${day}\ntags: [night]\n---\n# P ${day}\n\nText.\n`,
      );
    }
    const idsUnder = async (url: string): Promise<readonly string[]> => {
      const moved = { ...renga, settings, publication: { ...PUBLICATION, url } };
      await publishFeedsAndPages(moved, { trustStamps: false, allowEmpty: false });
      const texts = [...(await example.publicFiles())].filter(([path]) => path.endsWith('atom.xml'));
      return texts.map(([path, text]) => `${path} ${parseAtomFeed(text).id}`);
    };
    const before = await idsUnder(PUBLICATION.url);
    expect(before).toEqual([
      `archive/2026/atom.xml ${PUBLICATION.url}`,
      `atom.xml ${PUBLICATION.url}`,
      `tags/night/atom.xml ${PUBLICATION.url}tags/night/`,
    ]);
    expect(await idsUnder('http://elsewhere.example/words/')).toEqual(before);
  });

  it('are what the config says, whatever else is known', async () => {
    const base = 'https://first.example/';
    expect(await settle(ELSEWHERE, undefined, false, base)).toBe(base);
    await settle(ELSEWHERE);
    expect(await settle(ELSEWHERE, undefined, false, base)).toBe(base);
  });

  it('are what the published feed says where the database was lost', async () => {
    await example.write('public/atom.xml', atomWithId('https://former.example/blog/'));
    const store = await openEmptyStore();
    expect(await settle(ELSEWHERE, store)).toBe('https://former.example/blog/');
    await example.remove('public/atom.xml');
    expect(await settle(ELSEWHERE, store)).toBe('https://former.example/blog/');
    await store.close();
  });

  it.each([
    'tag:example.org,2026:feed',
    'https://former.example/feed',
    'javascript:x/',
    '',
    'http://localhost/',
  ])('are not made from %j, which no feed of ours has had for others', async (id) => {
    await example.write('public/atom.xml', atomWithId(id));
    expect(await settle(ELSEWHERE)).toBe(ELSEWHERE.url);
  });

  it('are never those of an entry', async () => {
    await example.write('public/atom.xml', `<feed><entry><id>https://post.example/</id></entry></feed>`);
    expect(await settle(ELSEWHERE)).toBe(ELSEWHERE.url);
  });

  it('are not fixed by a dry run, nor while the feeds are for this machine only', async () => {
    expect(await settle(PUBLICATION, example.renga.store, true)).toBe(PUBLICATION.url);
    expect(await settle(LOCAL)).toBe(LOCAL.url);
    expect(await settle(ELSEWHERE)).toBe(ELSEWHERE.url);
    expect(await settle(LOCAL)).toBe(ELSEWHERE.url);
  });
});

const atomWithId = (id: string): string =>
  `<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n  <id>${id}</id>\n  <entry><id>x</id></entry>\n</feed>\n`;
