/** The folder as it may really be: the four seeds, hostile files, links, twins, and what the cache keeps. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../src/domain/problem.ts';
import { readPosts, type ReadPosts } from '../../src/posts/read-posts.ts';
import { headingsOf, makePublication, memoryCache } from './publication-folder.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const POST = 'a / b / c\n\nText.';

const paths = (read: ReadPosts): readonly string[] => read.files.map(({ path }) => path);
const told = (read: ReadPosts): readonly string[] => read.problems.map(renderProblem);

/** Root may read anything: for a moment it is somebody who may not. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('the four seeds', () => {
  const expected = [
    {
      path: 'posts/000_753bcdb946ab9922.txt',
      haiku: 'the branch was deleted / we patched it and moved along / the secret rotated',
      title: 'Debugging a Wild WebAssembly Bug in the LLM Era',
      date: null,
      headings: [],
      opens: 'Today was one for the history books.',
    },
    {
      path: 'posts/001_fa877e68d59c23bc.txt',
      haiku: 'a race condition / I mapped the disk by hand once / we kept the old flag',
      title: 'Reflections on the WebAssembly Wave: A Developer’s Perspective',
      date: '2024-11-11',
      headings: [
        'A Leap into Server-Side Wasm',
        'The Rust vs. JS Integration Headache',
        'Debugging in the Shadows',
        'A Learning Experience',
        'The Future Is Now',
      ],
      opens: 'November 11, 2024. It feels',
    },
    {
      path: 'posts/002_fcc2954f76cb2dfa.txt',
      haiku: 'the swap filled at last / a system I built by hand / I typed it by heart',
      title: 'Debugging a Wasm+eBPF Mismatch in Our AI Pipeline',
      date: '2025-12-15',
      headings: [
        'The Setup: Wasm + eBPF',
        'The Problem',
        'Debugging',
        'The Fix',
        'What I Learned',
        'Moving Forward',
      ],
      opens: 'Today marks another milestone',
    },
    {
      path: 'posts/003_402414ef357e3b93.txt',
      haiku: 'a diff I once wrote / the service mesh confused us all / the service persists',
      title: 'Debugging Myths vs. Reality in a LLM-Oriented World',
      date: '2024-02-12',
      headings: [
        'The Setup',
        'Debugging Myths and Reality',
        'Myth: AI-Generated Code is Perfect',
        'Myth: LLMs Understand All Edge Cases',
        'The Role of Platform Engineering',
        'Learning from the Process',
        'Next Steps',
      ],
      opens: 'This week has been filled',
    },
  ];

  it('come through as the issue’s table says, read as transcripts', async () => {
    const publication = makePublication();
    cpSync(FIXTURES, join(publication.root, 'posts'), { recursive: true });
    const read = await publication.read();
    expect(read.problems).toEqual([]);
    const seen = read.files.map((file) => {
      const markdown = read.markdownOf(file);
      return {
        path: file.path,
        haiku: file.haiku?.join(' / '),
        title: file.title,
        date: file.publishedAt?.toPlainDate().toString() ?? null,
        headings: headingsOf(markdown),
        opens: markdown?.slice(0, expected.find(({ path }) => path === file.path)?.opens.length),
      };
    });
    expect(seen).toEqual(expected);
    expect(read.files.flatMap((file) => file.problems)).toEqual([]);
  });

  it('keep the list of three, the signature and the number of paragraphs', async () => {
    const publication = makePublication();
    cpSync(FIXTURES, join(publication.root, 'posts'), { recursive: true });
    const read = await publication.read();
    const markdown = read.files.map((file) => read.markdownOf(file) ?? '');
    expect(markdown[3]).toContain(
      '\n\n  1. Validation: Always validate the output with unit tests.\n  2. Edge Cases:',
    );
    expect(markdown[1]).toMatch(/\n\nUntil next time, Brandon$/);
    // Twenty-two lines with the transcript's, the haiku, title and date among them: each other line is a paragraph.
    const lines = readFileSync(join(FIXTURES, '002_fcc2954f76cb2dfa.txt'), 'utf8')
      .trimEnd()
      .split('\n').length;
    expect(markdown[2]?.split('\n\n')).toHaveLength(lines - 4);
  });
});

describe('the folder', () => {
  it('is read in all its depth, in the order of paths by code point', async () => {
    const publication = makePublication();
    for (const name of [
      'b.md',
      'a/z.md',
      'a.md',
      'é.md',
      'C.md',
      '😀.md',
      '\uFB01.md',
      'x.md/y.markdown',
      'UPPER.MD',
    ]) {
      publication.write(name, POST);
    }
    expect(paths(await publication.read())).toEqual(
      ['C.md', 'UPPER.MD', 'a.md', 'a/z.md', 'b.md', 'x.md/y.markdown', 'é.md', '\uFB01.md', '😀.md'].map(
        (name) => `posts/${name}`,
      ),
    );
  });

  it('that is missing is told from one that is empty', async () => {
    const publication = makePublication();
    expect(await publication.read()).toMatchObject({ files: [], problems: [], folder: 'empty' });
    publication.write('a.md', POST);
    expect((await publication.read()).folder).toBe('present');
    rmSync(join(publication.root, 'posts'), { recursive: true });
    expect(await publication.read()).toMatchObject({ files: [], problems: [], folder: 'missing' });
  });

  it('that is a file is missing', async () => {
    const publication = makePublication();
    rmSync(join(publication.root, 'posts'), { recursive: true });
    writeFileSync(join(publication.root, 'posts'), 'x');
    expect((await publication.read()).folder).toBe('missing');
  });

  it('may be a link itself', async () => {
    const elsewhere = makePublication();
    elsewhere.write('a.md', POST);
    const publication = makePublication();
    rmSync(join(publication.root, 'posts'), { recursive: true });
    symlinkSync(join(elsewhere.root, 'posts'), join(publication.root, 'posts'));
    expect(paths(await publication.read())).toEqual(['posts/a.md']);
  });

  it.each([
    ['.hidden.md'],
    ['.git/x.md'],
    ['note.md~'],
    ['~note.md'],
    ['#note.md#'],
    ['note.md.swp'],
    ['.note.md.swp'],
    ['note.md.tmp'],
    ['note.md.part'],
    ['picture.png'],
    ['notes.txt'],
    ['data.yaml'],
  ])('holds no post in %s, and needs no word about it', async (name) => {
    const publication = makePublication();
    publication.write(name, POST);
    expect(await publication.read()).toMatchObject({ files: [], problems: [] });
  });

  it.each([
    ['$ cat post/x.md\nText.', true],
    ['$ cat posts/x.markdown\r\nText.', true],
    ['$ cat "post/a b.md"\nText.', true],
    ['\uFEFF$ cat post/x.md\nText.', true],
    ['$ cat x.md\nText.', false],
    ['$ cat post/x.txt\nText.', false],
    ['\n$ cat post/x.md\nText.', false],
    ['$ ls post/x.md\nText.', false],
  ])('holds a post in any file that begins %j: %s', async (text, isPost) => {
    const publication = makePublication();
    publication.write('000', text);
    expect((await publication.read()).files).toHaveLength(isPost ? 1 : 0);
  });
});

describe('hostile files', () => {
  const hostile: readonly (readonly [string, string, string | Uint8Array, string])[] = [
    ['binary', 'x.md', Buffer.from([0, 1, 2, 3]), 'it holds NUL bytes'],
    [
      'a picture called a post',
      'x.md',
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]),
      'it is not valid UTF-8',
    ],
    ['lone surrogates', 'x.md', Buffer.from([0xed, 0xa0, 0x80]), 'it is not valid UTF-8'],
    ['an empty file', 'x.md', '', 'it is empty'],
    ['3 MB on one line', 'x.md', 'x'.repeat(3_000_000), 'it is larger than 2 MB'],
    ['a large transcript', '0.txt', `$ cat post/x.md\n${'x'.repeat(3_000_000)}`, 'it is larger than 2 MB'],
    ['---js', 'x.md', '---js\nprocess.exit(1)\n---\nText.', 'front matter in js is never run'],
    ['broken YAML', 'x.md', '---\na: [\n---\nText.', 'front matter is not valid YAML'],
  ];

  it.each(hostile)(
    '%s is left out with one line, and all others are published',
    async (_, name, content, reason) => {
      const publication = makePublication();
      publication.write('a.md', POST);
      publication.write(name, content);
      publication.write('z.md', POST);
      const read = await publication.read();
      expect(paths(read)).toEqual(['posts/a.md', 'posts/z.md']);
      expect(told(read)).toEqual([expect.stringContaining(`posts/${name}`)]);
      expect(told(read)[0]).toContain(reason);
      // The second look finds the same from what is kept.
      expect(told(await publication.read())).toEqual(told(read));
    },
  );

  it('50 MB are not read', async () => {
    const publication = makePublication();
    truncateSync(publication.write('x.md', 'x'), 50_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const read = await publication.read();
    expect(told(read)).toEqual([
      'posts/x.md: error: it is larger than 2 MB, which no post is: shorten or remove it',
    ]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it.each([
    ['a bell', '\u0007'],
    ['what a terminal takes for the start of an order', '\u009b'],
  ])('control characters are dropped with a word about it: %s', async (_, control) => {
    const publication = makePublication();
    publication.write('x.md', `a / b / c\n\nA bell ${control} rings.`);
    const read = await publication.read();
    expect(read.markdownOf(read.files[0]!)).toBe('A bell  rings.');
    expect(read.files[0]?.problems.map(renderProblem)).toEqual([
      expect.stringMatching(/^posts\/x\.md:3: warning: 1 control/),
    ]);
  });

  it.each([
    ['a byte order mark', Buffer.from(`\uFEFF${POST}`)],
    ['CRLF', Buffer.from(POST.replaceAll('\n', '\r\n'))],
    ['UTF-16', Buffer.from(`\uFEFF${POST}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${POST}`, 'utf16le').swap16()],
  ])('%s changes nothing that readers see', async (_, bytes) => {
    const plain = makePublication();
    plain.write('x.md', POST);
    const odd = makePublication();
    odd.write('x.md', bytes);
    const [expected, actual] = [await plain.read(), await odd.read()];
    expect(actual.files[0]?.contentHash).toBe(expected.files[0]?.contentHash);
    expect(actual.markdownOf(actual.files[0]!)).toBe('Text.');
  });

  it('a FIFO is never opened', async () => {
    const publication = makePublication();
    execFileSync('mkfifo', [join(publication.root, 'posts', 'x.md')]);
    execFileSync('mkfifo', [join(publication.root, 'posts', 'pipe')]);
    publication.write('z.md', POST);
    const read = await publication.read();
    expect(paths(read)).toEqual(['posts/z.md']);
    expect(told(read)).toEqual([
      'posts/pipe: warning: it is a pipe, a socket or a device, which is never opened: remove it',
      'posts/x.md: error: it is a pipe, a socket or a device, which is never opened: remove it',
    ]);
  });

  it('a socket is never opened', async () => {
    const publication = makePublication();
    const server = createServer();
    await new Promise<void>(
      (resolve) => void server.listen(join(publication.root, 'posts', 'x.md'), resolve),
    );
    expect(told(await publication.read())).toEqual([expect.stringContaining('a socket')]);
    await new Promise((resolve) => void server.close(resolve));
  });

  it('an unreadable file, or folder, is told', async () => {
    const publication = makePublication();
    chmodSync(publication.root, 0o755);
    chmodSync(publication.write('x.md', POST), 0);
    publication.write('folder/y.md', POST);
    publication.write('z.md', POST);
    chmodSync(join(publication.root, 'posts', 'folder'), 0);
    const read = await asNobody(async () => await publication.read());
    chmodSync(join(publication.root, 'posts', 'folder'), 0o755);
    expect(paths(read)).toEqual(['posts/z.md']);
    expect(told(read)).toEqual([
      'posts/folder: error: this folder cannot be listed (EACCES): check its permissions',
      'posts/x.md: error: it cannot be read (EACCES): check its permissions',
    ]);
  });

  it('a name with control characters is told in one line', async () => {
    const publication = makePublication();
    publication.write('a\nb.md', POST);
    expect(told(await publication.read())).toEqual([
      'posts/a?b.md: error: its name holds control characters: rename it',
    ]);
  });

  it('a name that is not UTF-8 is told', async () => {
    const publication = makePublication();
    const name = Buffer.concat([
      Buffer.from(join(publication.root, 'posts', 'a')),
      Buffer.from([0xff]),
      Buffer.from('.md'),
    ]);
    writeFileSync(name, POST);
    expect(told(await publication.read())).toEqual([
      expect.stringContaining('its name is not valid UTF-8: rename it'),
    ]);
  });
});

describe('links', () => {
  it('that stay inside are followed', async () => {
    const publication = makePublication();
    publication.write('.drafts/real.md', POST);
    publication.write('.drafts/more/deep.md', POST);
    symlinkSync('.drafts/real.md', join(publication.root, 'posts', 'linked.md'));
    symlinkSync('.drafts/more', join(publication.root, 'posts', 'folder'));
    const read = await publication.read();
    expect(paths(read)).toEqual(['posts/folder/deep.md', 'posts/linked.md']);
    expect(told(read)).toEqual([]);
    expect(read.markdownOf(read.files[1]!)).toBe('Text.');
  });

  it.each([
    ['leaves the folder', '/etc/hostname', 'it is a link that leaves the folder posts/'],
    ['leads nowhere', 'missing.md', 'it is a link that leads nowhere (ENOENT)'],
    ['leads to itself', 'x.md', 'it is a link that leads in a circle'],
    ['leads to its own folder', '.', 'a loop'],
  ])('one that %s is left out with one line', async (_, target, reason) => {
    const publication = makePublication();
    publication.write('z.md', POST);
    symlinkSync(target, join(publication.root, 'posts', 'x.md'));
    const read = await publication.read();
    expect(paths(read)).toEqual(['posts/z.md']);
    expect(told(read)).toEqual([expect.stringContaining(reason)]);
  });

  it('to a folder that only begins with the same name leaves it', async () => {
    const publication = makePublication();
    mkdirSync(join(publication.root, 'posts-private'));
    writeFileSync(join(publication.root, 'posts-private', 'x.md'), POST);
    symlinkSync('../posts-private', join(publication.root, 'posts', 'x'));
    expect(await publication.read()).toMatchObject({ files: [] });
  });

  it('that lead to each other end', async () => {
    const publication = makePublication();
    publication.write('a/one.md', POST);
    publication.write('b/two.md', 'd / e / f\n\nText.');
    symlinkSync('../b', join(publication.root, 'posts', 'a', 'l'));
    symlinkSync('../a', join(publication.root, 'posts', 'b', 'm'));
    const read = await publication.read();
    expect(paths(read)).toEqual(expect.arrayContaining(['posts/a/one.md', 'posts/b/two.md']));
    expect(told(read).join('\n')).toContain('a loop');
  });

  it('that multiply do not multiply the work', async () => {
    const publication = makePublication();
    for (let depth = 0; depth < 40; depth += 1) {
      mkdirSync(join(publication.root, 'posts', `.d${depth}`));
      for (const name of ['a', 'b'])
        symlinkSync(join('..', `.d${depth + 1}`), join(publication.root, 'posts', `.d${depth}`, name));
    }
    publication.write('.d40/x.md', POST);
    symlinkSync('.d0', join(publication.root, 'posts', 'start'));
    expect((await publication.read()).files).toHaveLength(1);
  });
});

describe('twins', () => {
  it('with one slug: the second by path is refused, naming both', async () => {
    const publication = makePublication();
    publication.write('a b.md', POST);
    publication.write('a-b.md', POST);
    const read = await publication.read();
    expect(paths(read)).toEqual(['posts/a b.md']);
    expect(told(read)).toEqual([
      'posts/a-b.md: error: posts/a-b.md has the slug a-b of posts/a b.md: give one of them another "slug"',
    ]);
  });

  it('with one id: the second by path is refused, naming both', async () => {
    const publication = makePublication();
    publication.write('a.md', '---\nid: twin\n---\na / b / c');
    publication.write('b.md', '---\nid: twin\n---\na / b / c');
    const read = await publication.read();
    expect(paths(read)).toEqual(['posts/a.md']);
    expect(told(read)).toEqual([
      'posts/b.md: error: posts/b.md has the id twin of posts/a.md: remove "id" from the newer one',
    ]);
  });

  it('where one was there before: that one stays, however the other is named', async () => {
    const publication = makePublication();
    publication.write('m.md', '---\nid: twin\n---\na / b / c');
    for (const name of ['a.md', 'z.md']) publication.write(name, '---\nid: twin\n---\na / b / c');
    const read = await publication.read({ isKnown: ({ path }) => path === 'posts/m.md' });
    expect(paths(read)).toEqual(['posts/m.md']);
    expect(told(read)).toEqual([
      'posts/a.md: error: posts/a.md has the id twin of posts/m.md: remove "id" from the newer one',
      'posts/z.md: error: posts/z.md has the id twin of posts/m.md: remove "id" from the newer one',
    ]);
  });

  it('that are a transcript and its import', async () => {
    const publication = makePublication();
    publication.write('000.txt', '$ cat post/x.md\na / b / c');
    publication.write('x.md', 'a / b / c');
    expect(told(await publication.read())).toEqual([
      expect.stringContaining('posts/x.md has the slug x of posts/000.txt'),
    ]);
  });
});

describe('what is kept', () => {
  it('gives the same posts again without the files', async () => {
    const publication = makePublication();
    publication.write(
      'a.md',
      '---\ndate: 2026-11-20T08:00:00+01:00\ntags: [x]\nauthor: Ann\n---\na / b / c\n\nText.',
    );
    publication.write('b.md', 'Text.');
    publication.write('c.png', 'x');
    const first = await publication.read({ zone: 'Europe/Oslo' });
    const again = await publication.read({ zone: 'Europe/Oslo' });
    expect(JSON.stringify(again.files)).toBe(JSON.stringify(first.files));
    expect(again.files[0]?.publishedAt?.toString()).toBe('2026-11-20T08:00:00+01:00[Europe/Oslo]');
  });

  it('is asked no file whose stamp is known', async () => {
    const publication = makePublication();
    const file = publication.write('a.md', POST);
    const first = await publication.read();
    const kept = publication.cache.get('post-file', 'posts/a.md') ?? '';
    publication.cache.put(
      'post-file',
      new Map([['posts/a.md', kept.replace('"a / b / c"', '"from the cache"')]]),
    );
    expect((await publication.read()).files[0]?.title).toBe('from the cache');
    utimesSync(file, new Date(0), new Date(0));
    writeFileSync(file, `${POST}!`);
    expect((await publication.read()).files[0]?.title).toBe('a / b / c');
    expect(first.files[0]?.title).toBe('a / b / c');
  });

  it('is not believed by stamp alone when it is told so', async () => {
    const publication = makePublication();
    const file = publication.write('a.md', POST);
    await publication.read();
    const kept = JSON.parse(publication.cache.get('post-file', 'posts/a.md') ?? '') as { stamp: string };
    // A network folder may show another text under the very same stamp.
    writeFileSync(file, 'd / e / f\n\nText.');
    const stats = statSync(file, { bigint: true });
    const stamp = `${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}`;
    publication.cache.put('post-file', new Map([['posts/a.md', JSON.stringify({ ...kept, stamp })]]));
    expect((await publication.read()).files[0]?.title).toBe('a / b / c');
    expect((await publication.read({ trustStamps: false })).files[0]?.title).toBe('d / e / f');
  });

  it('is another thing in another zone', async () => {
    const publication = makePublication();
    publication.write('2026-11-20-a.md', POST);
    await publication.read({ zone: 'UTC' });
    const read = await publication.read({ zone: 'Asia/Tokyo' });
    expect(read.files[0]?.publishedAt?.toString()).toBe('2026-11-20T00:00:00+09:00[Asia/Tokyo]');
  });

  it('is forgotten with its file', async () => {
    const publication = makePublication();
    const file = publication.write('a.md', POST);
    await publication.read();
    rmSync(file);
    expect((await publication.read()).files).toEqual([]);
    expect(publication.cache.all('post-file').size).toBe(0);
  });

  it.each([['not JSON'], ['null'], ['{}'], ['[]'], ['{"form":0}']])(
    'and cannot be read is read anew: %s',
    async (text) => {
      const publication = makePublication();
      publication.write('a.md', POST);
      publication.cache.put('post-file', new Map([['posts/a.md', text]]));
      expect((await publication.read()).files[0]?.title).toBe('a / b / c');
    },
  );

  it('never holds a text, and grows in batches', async () => {
    const publication = makePublication();
    for (let count = 0; count < 450; count += 1)
      publication.write(`${count}.md`, `a / b / c\n\nSecret words ${count}.`);
    const sizes: number[] = [];
    const cache = memoryCache();
    const put = cache.put.bind(cache);
    const read = await readPosts({
      root: publication.root,
      zone: 'UTC',
      trustStamps: true,
      cache: { ...cache, put: (kind, changes) => (sizes.push(changes.size), put(kind, changes)) },
    });
    expect(read.files).toHaveLength(450);
    expect(sizes).toEqual([200, 200, 50]);
    expect([...cache.all('post-file').values()].join()).not.toContain('Secret');
  });
});

describe('markdownOf', () => {
  it('is null when the file changed or went since', async () => {
    const publication = makePublication();
    const a = publication.write('a.md', POST);
    const b = publication.write('b.md', POST);
    const read = await publication.read();
    writeFileSync(a, `${POST} More.`);
    renameSync(b, `${b}~`);
    expect(read.files.map((file) => read.markdownOf(file))).toEqual([null, null]);
  });
});
