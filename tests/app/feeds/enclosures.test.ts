/** Sound and pictures beside a post, carried by the feeds with their real length and type. */
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { checkPublishedFeeds } from '../../../src/app/feeds/check-published-feeds.ts';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
import { openForEach } from '../example-publication.ts';

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const AT = `${PUBLICATION.url}a/`;

const example = openForEach();

const publishWith = async (lines: string, renga = example.renga): ReturnType<typeof publishFeedsAndPages> => {
  await example.write('posts/a.md', `---\ntitle: A\ndate: 2026-11-01\n${lines}\n---\nText.\n`);
  await example.write('posts/sound & song.mp3', 'x'.repeat(1234));
  await example.write('posts/dot.png', PNG);
  return await publishFeedsAndPages(renga, { trustStamps: false, allowEmpty: false });
};

const feeds = async () => ({
  rss: parseRssFeed((await example.published('rss.xml')) ?? ''),
  atom: parseAtomFeed((await example.published('atom.xml')) ?? ''),
  json: parseJsonFeed((await example.published('feed.json')) ?? ''),
});

describe('an entry', () => {
  it('carries its sound, with its picture beside it', async () => {
    await publishWith('audio: sound & song.mp3\nimage: dot.png');
    const { rss, atom } = await feeds();
    const sound = `${AT}sound-song.mp3`;
    const [item] = rss.items ?? [];
    expect(item?.enclosures).toEqual([{ url: sound, length: 1234, type: 'audio/mpeg' }]);
    expect(item?.media?.contents).toEqual([
      { url: sound, fileSize: 1234, type: 'audio/mpeg', medium: 'audio' },
      { url: `${AT}dot.png`, fileSize: PNG.length, type: 'image/png', medium: 'image', height: 1, width: 1 },
    ]);
    expect(item?.itunes?.image).toBe(`${AT}dot.png`);
    expect(rss.itunes?.author).toBe(PUBLICATION.author);
    const links = atom.entries?.[0]?.links?.filter(({ rel }) => rel === 'enclosure');
    expect(links?.map(({ href, type, length }) => [href, type, length])).toEqual([
      [sound, 'audio/mpeg', 1234],
      [`${AT}dot.png`, 'image/png', PNG.length],
    ]);
  });

  it('carries it in JSON as well, in feeds that pass their check, and brings the file', async () => {
    await publishWith('audio: sound & song.mp3');
    const { json } = await feeds();
    const sound = `${AT}sound-song.mp3`;
    expect(json.items?.[0]?.attachments?.[0]).toEqual({
      url: sound,
      mime_type: 'audio/mpeg',
      size_in_bytes: 1234,
    });
    expect((await checkPublishedFeeds(example.renga))[0]?.faults).toEqual([]);
    expect(await example.published('a/sound-song.mp3')).toHaveLength(1234);
  });

  it('plays its sound on its page, above a text that does not play one itself', async () => {
    await publishWith('audio: sound & song.mp3');
    const html = (await example.published('a/index.html')) ?? '';
    const player = `<audio controls preload="none" src="${AT}sound-song.mp3" aria-label="A"></audio>`;
    expect(html).toContain(player);
    expect(html.indexOf(player)).toBeLessThan(html.indexOf('class="body"'));
    const { valid } = await new HtmlValidate({
      extends: ['html-validate:standard'],
      rules: { 'no-trailing-whitespace': 'off' },
    }).validateString(html);
    expect(valid).toBe(true);
    await publishWith('audio: sound & song.mp3\nsummary: "S"\n---\n<audio src="sound & song.mp3"></audio>\n');
    expect((await example.published('a/index.html'))?.match(/<audio/g)).toHaveLength(1);
    await publishWith('image: dot.png');
    expect(await example.published('a/index.html')).not.toContain('<audio');
  });

  it('says how long its sound runs, where its author says it', async () => {
    await publishWith('audio: sound & song.mp3\nduration: 1:02:03');
    const { rss, json } = await feeds();
    expect(rss.items?.[0]).toMatchObject({
      itunes: { duration: 3723 },
      media: { contents: [{ duration: 3723 }] },
    });
    expect(json.items?.[0]).toMatchObject({ attachments: [{ duration_in_seconds: 3723 }] });
    await publishWith('audio: sound & song.mp3\nduration: 75:00');
    expect((await feeds()).rss.items?.[0]?.itunes?.duration).toBe(4500);
    await publishWith('audio: sound & song.mp3\nduration: long');
    expect(await example.published('rss.xml')).not.toContain('duration');
  });

  it('says what the config says of the whole as a podcast', async () => {
    const { settings } = example.renga;
    const category = { name: 'Arts', part: 'Books' };
    const podcast = { category, explicit: true, imageUrl: 'https://example.org/cover.png' };
    const renga = { ...example.renga, settings: { ...settings, feeds: { ...settings.feeds, podcast } } };
    await publishWith('audio: sound & song.mp3', renga);
    const { rss } = await feeds();
    expect(rss.itunes).toMatchObject({ explicit: true, image: podcast.imageUrl });
    expect(rss.itunes?.categories?.[0]).toMatchObject({ text: 'Arts', categories: [{ text: 'Books' }] });
  });

  it('carries its picture alone, and nothing of podcasts', async () => {
    await publishWith('image: dot.png');
    const { rss } = await feeds();
    expect(rss.items?.[0]?.enclosures?.[0]).toEqual({
      url: `${AT}dot.png`,
      length: PNG.length,
      type: 'image/png',
    });
    expect(await example.published('rss.xml')).not.toContain('itunes');
  });

  it.each([
    ['audio: https://example.org/far.mp3', /must be a file beside the post/],
    ['audio: missing.mp3', /is missing/],
    ['audio: dot.png', /is no sound that readers play/],
  ])('goes without "%s", and its author hears why', async (line, said) => {
    const { gathered, site } = await publishWith(line);
    const problems = [...gathered.problems, ...site.problems];
    expect(problems.map(({ message }) => message).join('\n')).toMatch(said);
    const { rss } = await feeds();
    expect(rss.items).toHaveLength(1);
    expect(rss.items?.[0]?.enclosures).toBe(undefined);
  });
});
