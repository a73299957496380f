/** A new post lies where its haiku says, reads back as it was said, and overwrites nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { newPost } from '../../src/posts/new-post.ts';
import { makePublication, type PublicationFolder } from './publication-folder.ts';

const now = Temporal.Instant.from('2026-11-20T07:30:15.123Z');

async function start({ root }: PublicationFolder, haiku: string, title?: string): Promise<string> {
  return await newPost({ root, haiku, now, zone: 'Europe/Oslo', ...(title === undefined ? {} : { title }) });
}

describe('newPost', () => {
  it('makes a draft in folders named after the haiku', async () => {
    const publication = makePublication();
    const path = await start(publication, "the old server hums / I don't know why / it just works");
    expect(path).toBe('posts/the-old-server-hums-/-i-dont-know-why-/-it-just-works.md');
    expect(readFileSync(join(publication.root, path), 'utf8')).toBe(
      [
        '---',
        'date: 2026-11-20T08:30:15+01:00',
        'draft: true # remove this line to publish',
        'haiku:',
        '  - "the old server hums"',
        '  - "I don\'t know why"',
        '  - "it just works"',
        '---',
        '',
        '',
      ].join('\n'),
    );
  });

  it('makes what is read back as it was said', async () => {
    const publication = makePublication();
    await start(publication, 'one: "two" / - three # four / \\five', 'A title: with #');
    const [file] = (await publication.read()).files;
    expect(file).toMatchObject({
      haiku: ['one: "two"', '- three # four', '\\five'],
      title: 'A title: with #',
      draft: true,
      problems: [],
    });
    expect(file?.publishedAt?.toInstant().toString()).toBe('2026-11-20T07:30:15Z');
  });

  it.each([
    ['古池や / 蛙飛びこむ / 水の音', 'posts/古池や-/-蛙飛びこむ-/-水の音.md'],
    ['../../etc / ..\\x / /c', 'posts/etc-/-x-/-c.md'],
    [`${'long '.repeat(200)} / b / c`, /^posts\/(?:long-)+\/-b-\/-c\.md$/],
    ['😀 / b / c', /^posts\/[0-9a-f]{8}-\/-b-\/-c\.md$/],
    ['a\nb\nc', 'posts/a-/-b-/-c.md'],
  ])('is safe for %.30s', async (haiku, expected) => {
    const publication = makePublication();
    const path = await start(publication, haiku);
    expect(path).toMatch(expected);
    expect((await publication.read()).files).toHaveLength(1);
  });

  it('never overwrites', async () => {
    const publication = makePublication();
    const path = await start(publication, 'a / b / c');
    publication.write('a-/-b-/-c.md', 'Mine.');
    await expect(start(publication, 'a / b / c')).rejects.toThrow(`${path} is there already.`);
    expect(readFileSync(join(publication.root, path), 'utf8')).toBe('Mine.');
    expect(readdirSync(join(publication.root, 'posts/a-/-b-'))).toEqual(['-c.md']);
  });

  it.each([['a / b'], ['a'], [''], ['a / b / c / d']])('refuses %j', async (haiku) => {
    await expect(start(makePublication(), haiku)).rejects.toBeInstanceOf(OperatorError);
  });
});
