/** Writing an id and a date changes nothing else: neither another byte, nor anything readers see. */
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { writeFrontMatter } from '../../src/posts/write-front-matter.ts';
import { makePublication, type PublicationFolder } from './publication-folder.ts';

const values = { id: 'tag:example.org,2026-11-20:a', date: '2026-11-20T08:30:00+01:00', changed: null };
const ADDED = `id: "${values.id}"\ndate: ${values.date}\n`;
const FIXTURES = join(import.meta.dirname, 'fixtures');

async function write({ root }: PublicationFolder, name = 'a.md'): Promise<'written' | 'unchanged'> {
  return await writeFrontMatter({ root, path: `posts/${name}`, values });
}

async function after(content: string | Uint8Array, name = 'a.md'): Promise<string> {
  const publication = makePublication();
  const file = publication.write(name, content);
  await write(publication, name);
  return readFileSync(file, 'utf8');
}

describe('writeFrontMatter', () => {
  it('makes front matter for plain prose, and keeps it prose', async () => {
    expect(await after('a / b / c\n\nText.\n')).toBe(`---\n${ADDED}format: prose\n---\na / b / c\n\nText.\n`);
  });

  it('makes front matter for a post in Markdown', async () => {
    expect(await after('a / b / c\n\n## Own\n\nText.')).toBe(
      `---\n${ADDED}---\na / b / c\n\n## Own\n\nText.`,
    );
  });

  it('adds to front matter that is there', async () => {
    expect(await after('---\n# mine\ntitle:   x   # kept\n---\n\nText.')).toBe(
      `---\n${ADDED}# mine\ntitle:   x   # kept\n---\n\nText.`,
    );
  });

  it.each([
    ['the id', '---\nid: mine\n---\nText.', `---\ndate: ${values.date}\nid: mine\n---\nText.`],
    [
      'the date',
      '---\ndate: 2020-01-01\n---\nText.',
      `---\nid: "${values.id}"\ndate: 2020-01-01\n---\nText.`,
    ],
  ])('leaves %s as it is', async (_, before, expected) => {
    expect(await after(before)).toBe(expected);
  });

  it('writes when the content changed last, anew each time, unless its author says when it was updated', async () => {
    const publication = makePublication();
    const file = publication.write('a.md', '---\ntitle: x\n---\nText.');
    const say = async (changed: string): Promise<string> => {
      const options = { root: publication.root, path: 'posts/a.md', values: { ...values, changed } };
      await writeFrontMatter(options);
      expect(await writeFrontMatter(options)).toBe('unchanged');
      return readFileSync(file, 'utf8');
    };
    expect(await say('2026-11-21T10:00:00+01:00')).toBe(
      `---\n${ADDED}changed: 2026-11-21T10:00:00+01:00\ntitle: x\n---\nText.`,
    );
    expect(await say('2026-11-22T10:00:00+01:00')).toBe(
      `---\nchanged: 2026-11-22T10:00:00+01:00\n${ADDED}title: x\n---\nText.`,
    );
    publication.write('a.md', '---\nupdated: 2026-11-21\n---\nText.');
    expect(await say('2026-11-22T10:00:00+01:00')).toBe(`---\n${ADDED}updated: 2026-11-21\n---\nText.`);
  });

  it('leaves a file alone that has both', async () => {
    const publication = makePublication();
    const file = publication.write('a.md', '---\nid: mine\ndate: 2020-01-01\n---\nText.');
    const { ino, mtimeNs } = statSync(file, { bigint: true });
    expect(await write(publication)).toBe('unchanged');
    expect(statSync(file, { bigint: true })).toMatchObject({ ino, mtimeNs });
  });

  it('changes nothing the second time', async () => {
    const publication = makePublication();
    publication.write('a.md', 'Text.');
    expect([await write(publication), await write(publication)]).toEqual(['written', 'unchanged']);
  });

  it.each([
    [
      'CRLF',
      Buffer.from('a\r\n\r\nb\r\n'),
      `---\n${ADDED}format: prose\n---\na\n\nb\n`.replaceAll('\n', '\r\n'),
    ],
    ['a byte order mark', Buffer.from('\uFEFFText.'), `\uFEFF---\n${ADDED}format: prose\n---\nText.`],
    ['control characters', Buffer.from('a\u0007b'), `---\n${ADDED}format: prose\n---\na\u0007b`],
    [
      'a transcript',
      Buffer.from('$ cat post/x.md\n\nText.'),
      `$ cat post/x.md\n---\n${ADDED}format: prose\n---\n\nText.`,
    ],
    [
      'a transcript of one line',
      Buffer.from('$ cat post/x.md'),
      `$ cat post/x.md\n---\n${ADDED}format: prose\n---\n`,
    ],
    [
      'indented keys',
      Buffer.from('---\n  title: x\n---\n'),
      `---\n  ${ADDED.trimEnd().replace('\n', '\n  ')}\n  title: x\n---\n`,
    ],
    [
      'a block at the end',
      Buffer.from('---\nsummary: |+\n  x\n\n---\nT'),
      `---\n${ADDED}summary: |+\n  x\n\n---\nT`,
    ],
  ])('keeps every other byte: %s', async (_, before, expected) => {
    expect(await after(before)).toBe(expected);
  });

  it('keeps UTF-16', async () => {
    const publication = makePublication();
    const file = publication.write('a.md', Buffer.from('\uFEFFżółw', 'utf16le').swap16());
    await write(publication);
    expect(readFileSync(file)).toEqual(
      Buffer.from(`\uFEFF---\n${ADDED}format: prose\n---\nżółw`, 'utf16le').swap16(),
    );
  });

  it('keeps permissions, leaves nothing beside, and writes through a link', async () => {
    const publication = makePublication();
    const file = publication.write('.real/a.md', 'Text.');
    chmodSync(file, 0o640);
    symlinkSync('.real/a.md', join(publication.root, 'posts', 'a.md'));
    await write(publication);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(publication.root, 'posts', 'a.md')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(publication.root, 'posts', '.real'))).toEqual(['a.md']);
  });

  it.each([
    ['a mapping in braces', '---\n{title: x}\n---\nText.'],
    ['broken YAML', '---\na: [\n---\nText.'],
    ['---js', '---js\nx\n---\nText.'],
    ['binary', 'a\0b'],
  ])('refuses %s, and leaves it as it is', async (_, content) => {
    const publication = makePublication();
    const file = publication.write('a.md', content);
    await expect(write(publication)).rejects.toBeInstanceOf(OperatorError);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('writes to nothing outside posts/', async () => {
    const publication = makePublication();
    symlinkSync('/etc/hostname', join(publication.root, 'posts', 'a.md'));
    await expect(write(publication)).rejects.toBeInstanceOf(OperatorError);
  });

  const seeds = readdirSync(FIXTURES).map((name) => readFileSync(join(FIXTURES, name), 'utf8'));
  const shapes = [
    ...seeds,
    ...seeds.map((text) => text.slice(text.indexOf('\n') + 1)),
    'one\ntwo\nthree\n\nText.',
    '# Title\n\na line\n\nText.',
    'a / b / c\n\nPlainly a Title\n\n12 May 2024\n\nThe Setup\n\nText.',
    '---\ntitle: x\n---\n\nShort\n\nText.',
    'Short\n---\n\nText.',
  ];

  it('changes nothing that readers see', async () => {
    for (const [index, text] of shapes.entries()) {
      const publication = makePublication();
      publication.write(`${index}.md`, text);
      const before = await publication.read();
      expect(await write(publication, `${index}.md`)).toBe('written');
      const read = await publication.read();
      const [was, is] = [before.files[0], read.files[0]];
      expect(is?.contentHash).toBe(was?.contentHash);
      expect(is).toMatchObject({ id: values.id, title: was?.title, haiku: was?.haiku, slug: was?.slug });
      expect(is?.publishedAt?.toInstant().toString()).toBe('2026-11-20T07:30:00Z');
    }
  });

  it('changes nothing that readers see, of any text', async () => {
    const line = fc.constantFrom(
      '',
      '---',
      'a / b / c',
      'Title: T',
      '# T',
      '## S',
      'Short',
      'Text.',
      '12 May 2024',
      '- x',
      '```',
      'key: value',
      '> q',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
        const publication = makePublication();
        publication.write('a.md', lines.join('\n'));
        const [was] = (await publication.read()).files;
        if (!was) return;
        const change = await write(publication).catch((error: unknown) =>
          error instanceof OperatorError ? 'refused' : Promise.reject(error as Error),
        );
        const [is] = (await publication.read()).files;
        expect(is?.contentHash).toBe(was.contentHash);
        expect(is?.id).toBe(change === 'written' ? values.id : was.id);
      }),
      { numRuns: 300 },
    );
  });
});
