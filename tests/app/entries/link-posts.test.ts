/** Links from post to post, made from file to file: what becomes of them on pages and in feeds, and when the other post comes, moves or goes. */
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { publish, publishRound } from '../../../src/app/publish.ts';
import { SiteMemory } from '../../../src/app/site/site-memory.ts';
import { renderProblem } from '../../../src/domain/problem.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
} from '../example-publication.ts';
import { buildElsewhere } from '../site/build-elsewhere.ts';

const CHOICE = { trustStamps: true, allowEmpty: true, allowReflood: false };
const OPTIONS = { ...CHOICE, byHand: null, signal: new AbortController().signal };
const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

let example: ExamplePublication;
beforeEach(async () => {
  example = await openExamplePublication(workshop);
  await example.write('posts/first.md', postText('First', 'The first.', '2026-11-01'));
});

/** Publishes, and gives what the author is told. */
async function told(): Promise<readonly string[]> {
  const { problems } = await publish(example.renga, OPTIONS);
  return problems.filter(({ message }) => message.startsWith('the ')).map(renderProblem);
}

const pageOf = async (slug: string): Promise<string> => (await example.published(`${slug}/index.html`)) ?? '';

/** Of the Atom feed: when each entry changed last, by id. */
async function updates(): Promise<readonly string[]> {
  const feed = (await example.published('atom.xml')) ?? '';
  return [...feed.matchAll(/<entry>.*?<\/entry>/gs)].map(([entry]) =>
    ['id', 'updated', 'published']
      .map((name) => new RegExp(`<${name}>.*?</${name}>`).exec(entry)?.[0])
      .join(' '),
  );
}

describe('a link to the file of another post', () => {
  it.each([
    ['second.md', '[earlier](first.md)', ''],
    ['second.md', '[earlier](./first.md#the-end)', '#the-end'],
    ['second.md', '<a href="first.md?plain=1#x">earlier</a>', '#x'],
    ['second.md', '[earlier](/posts/first.md)', ''],
    ['second.md', '[earlier](posts/first.md)', ''],
    ['deep/second.md', '[earlier](../first.md)', ''],
    ['deep/second.md', '[earlier](first.md)', ''],
    ['deep/second.md', '[earlier][1]\n\n[1]: ../../posts/first.md "Before"', ''],
  ])('leads to its page, on pages and in feeds: %s %s', async (path, markdown, fragment) => {
    await example.write(`posts/${path}`, postText('Second', markdown, '2026-11-02'));
    expect(await told()).toEqual([]);
    const address = `${example.renga.publication.url}first/${fragment}`;
    const link = new RegExp(`<a href="${address}"[^>]*>earlier</a>`);
    expect(await pageOf(path === 'second.md' ? 'second' : 'deep-second')).toMatch(link);
    const feed = JSON.parse((await example.published('feed.json')) ?? '') as {
      items: { content_html: string }[];
    };
    expect(feed.items[0]?.content_html).toMatch(link);
  });

  it('is found whatever its name holds', async () => {
    await example.write('posts/a 100% é (1).md', postText('Odd', 'x', '2026-11-01'));
    await example.write('posts/folder/index.md', postText('Index', 'x', '2026-11-01'));
    const links = '[a](<a 100%25 é (1).md>) [b](a%20100%25%20%C3%A9%20%281%29.md) [c](folder/index.md)';
    await example.write('posts/second.md', postText('Second', links, '2026-11-02'));
    expect(await told()).toEqual([]);
    expect((await pageOf('second')).match(/href="[^"]*">[abc]</g)).toEqual([
      'href="https://example.org/blog/a-100-e-1/">a<',
      'href="https://example.org/blog/a-100-e-1/">b<',
      'href="https://example.org/blog/folder/">c<',
    ]);
  });

  it('leads where another generator has its page', async () => {
    await example.write('posts/second.md', postText('Second', '[earlier](first.md)', '2026-11-02'));
    const pages = { enabled: false, permalink: 'https://elsewhere.example/{year}/{slug}/' };
    await publish({ ...example.renga, settings: { ...example.renga.settings, pages } }, OPTIONS);
    expect(await example.published('feed.json')).toContain('https://elsewhere.example/2026/first/\\"');
  });

  it('is told of where it leads to no page, with its line, and stands as its text', async () => {
    await example.write('posts/draft.md', '---\ndraft: true\n---\n\nNot yet.\n');
    await example.write('posts/later.md', postText('Later', 'Later.', '2026-11-13'));
    const links = 'A [b](none.md).\n\nAnd [c](draft.md) and\n[d](later.md) and ![e](first.md).';
    await example.write('posts/second.md', postText('Second', links, '2026-11-02'));
    expect(await told()).toEqual([
      expect.stringMatching(/^posts\/second\.md:5: warning: the link to "none\.md" leads to no post/),
      expect.stringMatching(/^posts\/second\.md:7: warning: the link to "draft\.md" leads to a draft/),
      expect.stringMatching(/^posts\/second\.md:8: warning: the link to "later\.md" .*due on 2026-11-13/),
    ]);
    expect(await pageOf('second')).toMatch(/A b\.<\/p>\s*<p>And c and\s*d and e\./);
  });
});

it('tells of thousands of broken links of one post in a few lines', async () => {
  const links = Array.from({ length: 5000 }, (_, index) => `[x](none-${index}.md)`);
  await example.write('posts/second.md', postText('Second', links.join('\n'), '2026-11-02'));
  const lines = await told();
  expect([lines.length, lines[0], lines[20]]).toEqual([
    21,
    expect.stringMatching(/^posts\/second\.md:5: warning: the link to "none-0\.md"/),
    'posts/second.md: warning: the links to 4980 more posts lead to no page, so their text stands without them',
  ]);
});

describe('a post that others link to', () => {
  beforeEach(async () => {
    await example.write('posts/second.md', postText('Second', 'See [earlier](first.md).', '2026-11-02'));
    await example.write('posts/third.md', postText('Third', 'Nothing.', '2026-11-03'));
  });

  it('is followed to its new address, and nobody sees an old post as new or changed', async () => {
    await told();
    const before = await updates();
    await example.write(
      'posts/first.md',
      postText('First', 'The first.', '2026-11-01').replace('---\n', '---\nslug: former\n'),
    );
    const { entries } = await publish({ ...example.renga, clock: () => START.add({ hours: 1 }) }, OPTIONS);
    expect(entries.added).toEqual([]);
    expect(await pageOf('second')).toContain('<a href="https://example.org/blog/former/">earlier</a>');
    expect(await example.published('atom.xml')).toContain('example.org/blog/former/&#x22;&#x3E;earlier');
    expect(await updates()).toEqual(before);
    expect(await example.publicFiles()).toEqual(await buildElsewhere(example.renga));
  });

  it.each(['program', 'round'] as const)(
    'is linked to while it is there, in the next %s as after a clean build',
    async (kind) => {
      const memory = new SiteMemory();
      let now = START;
      // So far from the other that nothing but its link shows it, no page beside it, no list and no feed.
      await example.write('posts/second.md', postText('Second', 'See [earlier](first.md).', '2025-10-01'));
      for (let day = 10; day < 25; day += 1)
        await example.write(`posts/p${day}.md`, postText('P', 'x', `2026-10-${day}`));
      const { settings } = example.renga;
      const feeds = { ...settings.feeds, entries: 2 };
      const step = async (...names: readonly string[]): Promise<string> => {
        const renga = { ...example.renga, settings: { ...settings, feeds }, clock: () => now };
        const places = names.map((name) => join(example.root, 'posts', name));
        if (kind === 'round') await publishRound(renga, CHOICE, memory, names.length > 0 ? places : null);
        else await publish(renga, OPTIONS);
        return /<p>See (?:<a href="([^"]*)")?/.exec(await pageOf('second'))?.[1] ?? 'nowhere';
      };
      const there = 'https://example.org/blog/first/';
      expect(await step()).toBe(there);
      await example.write(
        'posts/first.md',
        postText('First', 'The first.').replace('---\n', '---\ndraft: true\n'),
      );
      expect(await step('first.md')).toBe('nowhere');
      await example.write('posts/first.md', postText('First', 'Later.', '2026-11-13'));
      expect(await step('first.md')).toBe('nowhere');
      now = START.add({ hours: 24 });
      expect(await step()).toBe(there);
      await example.remove('posts/first.md');
      expect(await step('first.md')).toBe('nowhere');
      await example.write('posts/third.md', postText('Third', 'Something.', '2026-11-03'));
      expect(await step('third.md')).toBe('nowhere');
      await example.write('posts/first.md', postText('First', 'It is back.'));
      expect(await step('first.md')).toBe(there);
      const renga = { ...example.renga, settings: { ...settings, feeds }, clock: () => now };
      expect(await example.publicFiles()).toEqual(await buildElsewhere(renga));
    },
  );
});
