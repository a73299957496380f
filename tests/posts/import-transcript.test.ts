/** Transcripts become the posts they name, byte for byte, and nothing is written where it should not be. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importTranscript, type Import } from '../../src/posts/import-transcript.ts';
import { headingsOf, makePublication, type PublicationFolder } from './publication-folder.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

async function bring(publication: PublicationFolder, content: string | Uint8Array): Promise<Import> {
  const file = join(publication.root, 'transcript.txt');
  writeFileSync(file, content);
  return await importTranscript({ root: publication.root, file });
}

describe('importTranscript', () => {
  it('brings the four seeds, with the very text below their first lines', async () => {
    const publication = makePublication();
    const transcripts = makePublication();
    for (const name of readdirSync(FIXTURES)) {
      const file = join(FIXTURES, name);
      const result = await importTranscript({ root: publication.root, file });
      const text = readFileSync(file, 'utf8');
      const [line = ''] = text.split('\n', 1);
      expect(result).toEqual({ kind: 'imported', path: line.replace('$ cat post/', 'posts/') });
      expect(readFileSync(join(publication.root, 'path' in result ? result.path : ''), 'utf8')).toBe(
        text.slice(line.length + 1),
      );
      transcripts.write(name, text);
    }
    // Imported or lying there as transcripts, they are the same posts.
    const view = async (folder: PublicationFolder): Promise<unknown> => {
      const read = await folder.read();
      return read.files
        .map((file) => [
          file.slug,
          file.title,
          file.haiku,
          file.contentHash,
          headingsOf(read.markdownOf(file)),
        ])
        .toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));
    };
    expect(await view(publication)).toEqual(await view(transcripts));
  });

  it('changes nothing the second time', async () => {
    const publication = makePublication();
    await bring(publication, '$ cat post/x.md\nText.');
    expect(await bring(publication, '$ cat posts/x.md\nText.')).toEqual({
      kind: 'exists',
      path: 'posts/x.md',
    });
  });

  it('never overwrites another text', async () => {
    const publication = makePublication();
    publication.write('x.md', 'Mine.');
    expect(await bring(publication, '$ cat post/x.md\nText.')).toMatchObject({
      kind: 'refused',
      reason: 'posts/x.md is there already with another text: move one of them away',
    });
    expect(readFileSync(join(publication.root, 'posts', 'x.md'), 'utf8')).toBe('Mine.');
  });

  it('makes posts/ when there is none', async () => {
    const publication = makePublication();
    rmSync(join(publication.root, 'posts'), { recursive: true });
    expect(await bring(publication, '$ cat post/a/b.md\nText.')).toEqual({
      kind: 'imported',
      path: 'posts/a/b.md',
    });
  });

  it('keeps CRLF and drops only the first line', async () => {
    const publication = makePublication();
    await bring(publication, '$ cat post/x.md\r\n\r\na / b / c\r\n');
    expect(readFileSync(join(publication.root, 'posts', 'x.md'), 'utf8')).toBe('\r\na / b / c\r\n');
  });

  it('writes UTF-16 as UTF-8', async () => {
    const publication = makePublication();
    await bring(publication, Buffer.from('\uFEFF$ cat post/x.md\nżółw', 'utf16le'));
    expect(readFileSync(join(publication.root, 'posts', 'x.md'), 'utf8')).toBe('żółw');
  });

  it.each([
    ['$ cat post/../../escaped.md\nText.', 'does not stay in posts/'],
    ['$ cat post/a/../../../escaped.md\nText.', 'does not stay in posts/'],
    ['$ cat post//tmp/escaped.md\nText.', 'does not stay in posts/'],
    ['$ cat post/./escaped.md\nText.', 'does not stay in posts/'],
    ['$ cat post/..\\escaped.md\nText.', 'control characters or backslashes'],
    ['$ cat post/a\tb.md\nText.', 'control characters or backslashes'],
    ['$ cat post/.hidden.md\nText.', 'hidden or unfinished'],
    ['$ cat post/.git/x.md\nText.', 'hidden or unfinished'],
    [`$ cat post/${'x'.repeat(300)}.md\nText.`, 'longer than a disk allows'],
    ['$ cat post/a\0b.md\nText.', 'NUL bytes'],
    ['$ cat /etc/passwd.md\nText.', 'its first line must be'],
    ['$ cat post/x.sh\nText.', 'its first line must be'],
    ['Text.', 'its first line must be'],
    ['', 'its first line must be'],
    [Buffer.from([0xff, 0x00]), 'not valid UTF-8'],
    ['x'.repeat(3_000_000), 'larger than 2 MB'],
  ])('refuses %.40j', async (content, reason) => {
    const publication = makePublication();
    const result = await bring(publication, content);
    expect(result.kind === 'refused' && result.reason).toContain(reason);
    expect(readdirSync(join(publication.root, 'posts'), { recursive: true })).toEqual([]);
    expect(readdirSync(publication.root).toSorted()).toEqual(['posts', 'transcript.txt']);
  });

  it('writes through no link that leaves posts/', async () => {
    const publication = makePublication();
    const outside = join(publication.root, 'outside');
    mkdirSync(outside);
    symlinkSync('../outside', join(publication.root, 'posts', 'a'));
    expect(await bring(publication, '$ cat post/a/b/x.md\nText.')).toMatchObject({ kind: 'refused' });
    expect(readdirSync(outside)).toEqual([]);
  });

  it('says what stands in the way', async () => {
    const publication = makePublication();
    publication.write('a', 'a file');
    expect(await bring(publication, '$ cat post/a/x.md\nText.')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('posts/a/x.md cannot be written') as string,
    });
    expect(await importTranscript({ root: publication.root, file: '/nowhere' })).toMatchObject({
      kind: 'refused',
    });
    expect(await importTranscript({ root: publication.root, file: publication.root })).toMatchObject({
      kind: 'refused',
    });
    expect(existsSync('/nowhere')).toBe(false);
  });
});
