/** Haiku, title, date, front matter and format: each from the first source that has it. */
import { describe, expect, it } from 'vitest';
import type { PostFile } from '../../src/domain/post.ts';
import { renderProblem } from '../../src/domain/problem.ts';
import { extractMarkdown, parsePost, type ParsedPost } from '../../src/posts/parse-post.ts';

const ZONE = 'Europe/Oslo';
const PATH = 'posts/a-note.md';

function parse(text: string, path = PATH): ParsedPost {
  return parsePost({ path, text, fileHash: 'f' }, ZONE);
}

function read(text: string, path = PATH): PostFile & { readonly markdown: string } {
  const parsed = parse(text, path);
  if (parsed.kind === 'left-out') throw new Error(parsed.problems.map(renderProblem).join('\n'));
  return { ...parsed.file, markdown: extractMarkdown(text, parsed.place) };
}

function refusal(text: string, path = PATH): string {
  const parsed = parse(text, path);
  return parsed.kind === 'left-out' ? parsed.problems.map(renderProblem).join('\n') : 'published';
}

function problems(text: string, path = PATH): readonly string[] {
  return read(text, path).problems.map(renderProblem);
}

const front = (yaml: string, body = 'a / b / c\n\nText.'): string => `---\n${yaml}\n---\n${body}`;

describe('an id of an older system', () => {
  it.each([
    ['https://blog.example/?p=12', []],
    ['tag:example.org,2026:a', []],
    ['urn:uuid:1', []],
    [
      '/2021/05/night',
      [expect.stringContaining('warning: "id" is kept, but Atom wants an address or a tag')],
    ],
    ['night', [expect.stringContaining('such as tag:example.org,2026:night')]],
  ])('%s is kept, and told of where Atom wants another', (id, told) => {
    const post = read(front(`id: ${JSON.stringify(id)}`));
    expect(post.id).toBe(id);
    expect(post.problems.map(renderProblem)).toEqual(told);
  });
});

describe('the haiku', () => {
  it.each([
    ['a list', 'haiku: [one, two, three]'],
    ['a list in lines', 'haiku:\n  - one\n  - two\n  - three'],
    ['text with slashes', 'haiku: one / two / three'],
    ['text with line breaks', 'haiku: |\n  one\n  two\n\n  three'],
  ])('comes from front matter as %s, before the text', (_, yaml) => {
    const post = read(front(yaml));
    expect(post.haiku).toEqual(['one', 'two', 'three']);
    expect(post.markdown).toBe('a / b / c\n\nText.');
  });

  it('that front matter and text both have is said once', () => {
    expect(read(front('haiku: a / b / c')).markdown).toBe('Text.');
  });

  it.each([
    ['haiku: one / two'],
    ['haiku: [a, b, c, d]'],
    ['haiku: 5'],
    ['haiku: {a: b}'],
    ['haiku: [a, [b], c]'],
    ['haiku: ["a\\nb", c, d]'],
  ])('that is not three lines in front matter leaves the post without one: %s', (yaml) => {
    const post = read(front(yaml, 'Text.'), 'posts/a-/-b-/-c.md');
    expect(post.haiku).toBeNull();
    expect(post.problems.map(renderProblem)[0]).toMatch(
      /^posts\/a-\/-b-\/-c\.md:2: warning: "haiku" must be exactly three/,
    );
  });

  it('comes from a first line of three parts', () => {
    const post = read('\n\nan old pond /  a frog / splash\n\nText.');
    expect(post.haiku).toEqual(['an old pond', 'a frog', 'splash']);
    expect(post.markdown).toBe('Text.');
  });

  it.each([['*a / b / c*'], ['# a / b / c'], ['_a / b / c_']])(
    'comes from a first line in Markdown: %s',
    (line) => {
      expect(read(`${line}\n\nText.`)).toMatchObject({
        haiku: ['a', 'b', 'c'],
        title: 'a / b / c',
        markdown: 'Text.',
      });
    },
  );

  it.each([
    ['古池や / 蛙飛びこむ / 水の音'],
    ['тихий / сервер / спит'],
    ['😀 / 🐸 / 💦'],
    ['قديم / بركة / ماء'],
  ])('comes in any script: %s', (line) => {
    expect(read(`${line}\n\nText.`).haiku).toEqual(line.split(' / '));
  });

  it('comes from three short lines alone at the top', () => {
    const post = read('an old silent pond…\nA frog jumps into the pond,\nsplash! Silence again.\n\nText.');
    expect(post.haiku).toEqual([
      'an old silent pond…',
      'A frog jumps into the pond,',
      'splash! Silence again.',
    ]);
    expect(post.markdown).toBe('Text.');
  });

  it('comes without the marks of hard breaks', () => {
    expect(read('one\\\ntwo  \nthree\n\nText.').haiku).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['two parts', 'a / b\n\nText.'],
    ['four parts', 'a / b / c / d\n\nText.'],
    ['an empty part', 'a /  / c\n\nText.'],
    ['no spaces', 'a/b/c\n\nText.'],
    ['four short lines', 'a\nb\nc\nd\n\nText.'],
    ['two short lines', 'a\nb\n\nText.'],
    ['a list', '- a\n- b\n- c\n\nText.'],
    ['a list item of three parts', '- a / b / c\n\nText.'],
    ['a quote', '> a / b / c\n\nText.'],
    ['code', '```\na\n```\n\nText.'],
    ['a wrapped paragraph', `${'word '.repeat(12)}\n${'word '.repeat(12)}\nend.\n\nText.`],
    ['a later line', 'Text first.\n\na / b / c'],
  ])('is not %s, and its absence is told', (_, text) => {
    const post = read(text);
    expect(post.haiku).toBeNull();
    expect(post.problems.map(renderProblem)).toEqual([
      'posts/a-note.md: warning: it has no haiku, so it goes without one: make "a / b / c" its first line',
    ]);
  });

  it.each([
    ['posts/the-branch-was-deleted-/-we-moved-along-/-the-secret-rotated.md'],
    ['posts/2026/the-branch-was-deleted-/-we-moved-along-/-the-secret-rotated.markdown'],
    ['posts/2026-11-20-the-branch-was-deleted-/-we-moved-along-/-the-secret-rotated.md'],
  ])('comes from the path, hyphens as spaces: %s', (path) => {
    expect(read('Text.', path).haiku).toEqual([
      'the branch was deleted',
      'we moved along',
      'the secret rotated',
    ]);
  });

  it.each([['posts/a-/-b.md'], ['posts/a/b/c.md'], ['posts/a-/b-/-c.md'], ['posts/-/-/-.md']])(
    'does not come from the path %s',
    (path) => {
      expect(read('Text.', path).haiku).toBeNull();
    },
  );
});

describe('the title', () => {
  it.each([
    [
      'front matter',
      front('title: From Front Matter', '# Other\n\nText.'),
      'From Front Matter',
      '# Other\n\nText.',
    ],
    ['a number in front matter', front('title: 1984', 'Text.'), '1984', 'Text.'],
    ['a line Title:', 'a / b / c\n\nTitle: The Title\n\nText.', 'The Title', 'Text.'],
    ['a leading heading', 'a / b / c\n\n# The *Title* of `it` #\n\nText.', 'The Title of it', 'Text.'],
    ['an underlined heading', 'The Title\n=========\n\nText.', 'The Title', 'Text.'],
    ['a heading with a link', '# See [the manual](https://example.org)\n\nText.', 'See the manual', 'Text.'],
    [
      'a short first line',
      'a / b / c\n\nPlainly a Title\n\nText goes on.',
      'Plainly a Title',
      'Text goes on.',
    ],
    [
      'a short first line above the date',
      'a / b / c\n\nPlainly a Title\n\n12 May 2024\n\nText.',
      'Plainly a Title',
      'Text.',
    ],
    ['the haiku', 'a / b / c\n\nText begins here.', 'a / b / c', 'Text begins here.'],
    ['the file’s name', 'Text begins here.', 'a note', 'Text begins here.'],
  ])('comes from %s', (_, text, title, markdown) => {
    expect(read(text)).toMatchObject({ title, markdown });
  });

  it('in front matter and as a heading is said once', () => {
    expect(read(front('title: "One"', '# One\n\nText.'))).toMatchObject({ title: 'One', markdown: 'Text.' });
  });

  it('is never a first line in a post that is written in Markdown', () => {
    expect(read('a / b / c\n\nA short line\n\nText.\n\n## Section\n\nText.')).toMatchObject({
      title: 'a / b / c',
      markdown: 'A short line\n\nText.\n\n## Section\n\nText.',
    });
  });

  it.each([
    ['- a list'],
    ['> a quote'],
    ['A sentence.'],
    ['![image](a.png)'],
    ['| a | b |'],
    ['<b>x</b>'],
    ['— Ann'],
    ['Cheers, Ann'],
  ])('is not %s', (line) => {
    expect(read(`a / b / c\n\n${line}\n\nText.`).title).toBe('a / b / c');
  });

  it('is not the only line there is', () => {
    expect(read('a / b / c\n\nHello world')).toMatchObject({ title: 'a / b / c', markdown: 'Hello world' });
  });

  it('holds no comment', () => {
    expect(read('# Rain <!-- which one? --> again\n\nText.').title).toBe('Rain again');
    expect(read('a / b / c\n\nbefore <!-- a secret --> after\n\nText.')).toMatchObject({
      title: 'a / b / c',
      markdown: 'before <!-- a secret --> after\n\nText.',
    });
  });

  it('is cut when it is longer than any title', () => {
    const post = read(front(`title: ${'long '.repeat(100)}`));
    expect(post.title.length).toBeLessThanOrEqual(300);
    expect(post.problems.map(renderProblem)).toEqual([expect.stringContaining('longer than 300 characters')]);
  });
});

describe('the date', () => {
  it.each([
    [
      'front matter',
      front('date: 2026-11-20', 'a / b / c\n\nText.'),
      '2026-11-20T00:00:00+01:00[Europe/Oslo]',
    ],
    [
      'front matter with time and zone',
      front('date: 2026-11-20T08:00:00-05:00'),
      '2026-11-20T14:00:00+01:00[Europe/Oslo]',
    ],
    ['front matter without zone', front('date: 2026-11-20 08:00'), '2026-11-20T08:00:00+01:00[Europe/Oslo]'],
    ['front matter in words', front('date: November 20, 2026'), '2026-11-20T00:00:00+01:00[Europe/Oslo]'],
    [
      'a line of its own',
      'a / b / c\n\nFriday, November 20th, 2026\n\nText.',
      '2026-11-20T00:00:00+01:00[Europe/Oslo]',
    ],
    ['a line before all', '2026-11-20\n\na / b / c\n\nText.', '2026-11-20T00:00:00+01:00[Europe/Oslo]'],
    ['a line Date:', 'a / b / c\nDate: 2026-11-20\n\nText.', '2026-11-20T00:00:00+01:00[Europe/Oslo]'],
    [
      'a line in italics',
      'a / b / c\n\n*20 November 2026*\n\nText.',
      '2026-11-20T00:00:00+01:00[Europe/Oslo]',
    ],
  ])('comes from %s and is no part of the text', (_, text, date) => {
    const post = read(text);
    expect(post.publishedAt?.toString()).toBe(date);
    expect(post.markdown).toBe('Text.');
    expect(post.haiku).toEqual(['a', 'b', 'c']);
  });

  it('that opens the text is taken, and the paragraph keeps it', () => {
    const post = read('a / b / c\n\nNovember 11, 2024. It feels good.');
    expect(post.publishedAt?.toPlainDate().toString()).toBe('2024-11-11');
    expect(post.markdown).toBe('November 11, 2024. It feels good.');
  });

  it.each([['posts/2026-11-20-a-note.md'], ['posts/x/2026-11-20.md'], ['posts/2026-11-20-a-/-b-/-c.md']])(
    'comes from the name %s',
    (path) => {
      expect(read('Text.', path).publishedAt?.toString()).toBe('2026-11-20T00:00:00+01:00[Europe/Oslo]');
    },
  );

  it('comes from the first that has one', () => {
    const text = '12 May 2024\n\nJune 1, 2024. Text.';
    expect(read(front('date: 2023-01-01', text), 'posts/2020-01-01-x.md').publishedAt?.year).toBe(2023);
    expect(read(text, 'posts/2020-01-01-x.md').publishedAt?.month).toBe(5);
  });

  it('is null when there is none', () => {
    expect(read('Text.').publishedAt).toBeNull();
  });

  it('that is no day in the name is told', () => {
    expect(problems('a / b / c', 'posts/2026-02-30-x.md')).toEqual([
      expect.stringContaining('2026-02-30, which is no day'),
    ]);
  });

  it.each([
    [
      front('date: 11/02/2026'),
      'posts/a-note.md:2: error: "date": the date "11/02/2026" is ambiguous: write 2026-02-11 or 2026-11-02',
    ],
    [
      front('title: x\ndate: 2026-02-30'),
      'posts/a-note.md:3: error: "date": the date "2026-02-30" does not exist: write the day that is meant',
    ],
    [
      front('updated: 30 February 2026'),
      'posts/a-note.md:2: error: "updated": the date "30 February 2026" does not exist: write the day that is meant',
    ],
    [front('date: soon'), 'posts/a-note.md:2: error: "date": "soon" is not a date: write 2026-11-20'],
    [front('date: [2026]'), 'posts/a-note.md:2: error: "date" must be text, not a list'],
    [front('date: 20261120'), 'posts/a-note.md:2: error: "date": "20261120" is not a date: write 2026-11-20'],
    [
      'a / b / c\n\n30 February 2026\n\nText.',
      'posts/a-note.md:3: error: the date "30 February 2026" does not exist: write the day that is meant',
    ],
    [
      'a / b / c\n\n11/02/2026\n\nText.',
      'posts/a-note.md:3: error: the date "11/02/2026" is ambiguous: write 2026-02-11 or 2026-11-02',
    ],
  ])('is refused by name: %j', (text, line) => {
    expect(refusal(text)).toBe(line);
  });
});

describe('front matter', () => {
  it('gives every field it knows', () => {
    const yaml = [
      'id: "tag:example.org,2026:a"',
      'slug: my-slug',
      'tags: [Linux, " DNS ", linux, 日本]',
      'draft: true',
      'updated: 2026-11-21',
      'author: Ann Lee',
      'summary: >\n  Folded\n  text',
      'canonical: https://example.org/a',
      'image: cover.png',
    ].join('\n');
    expect(read(front(yaml))).toMatchObject({
      id: 'tag:example.org,2026:a',
      slug: 'my-slug',
      tags: ['Linux', 'DNS', '日本'],
      draft: true,
      author: 'Ann Lee',
      summary: 'Folded text',
      canonical: 'https://example.org/a',
      image: 'cover.png',
      problems: [],
    });
  });

  it('leaves unknown keys alone, whatever is in them', () => {
    const yaml =
      'layout: post\nmenu: {a: [1, {b: c}]}\nx: !custom y\n__proto__: {draft: true}\nconstructor: {prototype: {draft: true}}\ndigest: false';
    expect(read(front(yaml))).toMatchObject({ draft: false, problems: [] });
    expect(({} as { draft?: boolean }).draft).toBeUndefined();
  });

  it.each([['tags: a, b'], ['tags: [a, b]'], ['tags:\n- a\n- b']])('takes tags as %j', (yaml) => {
    expect(read(front(yaml)).tags).toEqual(['a', 'b']);
  });

  it('takes empty keys for absent', () => {
    expect(read(front('title:\ntags:\ndraft:\ndate: ~\nid: ""'))).toMatchObject({
      title: 'a / b / c',
      tags: [],
      draft: false,
      problems: [],
    });
  });

  it.each([
    ['title: [a]', 'warning: "title" must be text, not a list'],
    ['author: {name: Ann}', 'warning: "author" must be text, not a mapping'],
    ['title: &a x\nsummary: *a', 'warning: "summary" must be text, not an alias'],
    ['title: !!js/function x', 'warning: "title" must be text, not a value tagged'],
    ['tags: {a: b}', 'warning: "tags" must be a list of words, not a mapping'],
    ['tags: [a, [b]]', 'warning: "tags" must be a list of words; a list in a list among them was left out'],
    ['canonical: /a', 'warning: "canonical" must be a whole address'],
    ['canonical: javascript:alert(1)', 'warning: "canonical" must be a whole address'],
    ['image: javascript:alert(1)', 'warning: "image" must be a file beside the post'],
    ['image: data:image/png;base64,x', 'warning: "image" must be a file beside the post'],
    ['image: //example.org/x.png', 'warning: "image" must be a file beside the post'],
    ['format: html', 'warning: "format" must be prose or markdown'],
    ['title: "a\\u0000b\\ud800"', 'warning: "title" held control characters, which were left out'],
    ['title: "a\\x9b31mb"', 'warning: "title" held control characters, which were left out'],
    ['slug: ../../etc/passwd', 'warning: "slug" was made safe for URLs and disks: it is etc-passwd'],
  ])('names key and line of what it cannot use: %s', (yaml, problem) => {
    const told = problems(front(`x: 1\n${yaml}`));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      new RegExp(`^posts/a-note\\.md:[34]: ${problem.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
    );
  });

  it.each([
    ['draft: yes', 'error: "draft" must be true or false'],
    ['draft: [true]', 'error: "draft" must be true or false'],
    ['id: [a]', 'error: "id" must be text, not a list'],
    ['id: two words', 'error: "id" must be one word'],
    ['title: a\ntitle: b', 'error: front matter has "title" twice, first on line 2'],
    ['title: "open', 'error: front matter is not valid YAML'],
    ['a: [1', 'error: front matter is not valid YAML'],
    ['\ttitle: x', 'error: front matter is not valid YAML'],
    ['just words', 'error: front matter must be lines of "key: value"'],
    ['- a\n- b', 'error: front matter must be lines of "key: value"'],
    ['['.repeat(20_000), 'error: front matter is nested too deeply'],
    [`a: ${'x'.repeat(70_000)}`, 'error: front matter is longer than 64 kB'],
  ])('leaves the post out when it cannot be trusted: %.40s', (yaml, problem) => {
    expect(refusal(front(yaml))).toContain(problem);
  });

  it('names the line of the file, not of the YAML', () => {
    expect(refusal('$ cat post/x.md\n\n---\ntitle: x\nbroken: [\n---\nText.')).toMatch(
      /^posts\/a-note\.md:[56]: error/,
    );
  });

  it('never expands a bomb', () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) =>
        `l${n}: &l${n} [${Array(9)
          .fill(n === 0 ? 'lol' : `*l${n - 1}`)
          .join(', ')}]`,
    );
    expect(read(front(`${levels.join('\n')}\ntags: [a]`)).tags).toEqual(['a']);
  });

  it.each([
    [
      '---js\nmodule.exports = { title: process.exit(1) }\n---\nText.',
      '1: error: front matter in js is never run or read',
    ],
    ['---json\n{"title": "x"}\n---\nText.', 'front matter in json is never run'],
    ['--- coffee\nx\n---\nText.', 'front matter in coffee is never run'],
    ['+++\ntitle = "x"\n+++\nText.', 'front matter in TOML is never run'],
    ['---\ntitle: x\n\nText without end.', '1: error: front matter is opened and never closed'],
  ])('refuses %j', (text, problem) => {
    expect(refusal(text)).toContain(problem);
  });

  it.each([
    ['empty', '---\n---\nText.', 'Text.'],
    ['only a comment', '---\n# nothing\n---\nText.', 'Text.'],
    ['closed by dots', '---\ntitle: x\n...\nText.', 'Text.'],
    ['fenced as yaml', '---yaml\ntitle: x\n---\nText.', 'Text.'],
    ['after a blank line', '\n---\ntitle: x\n---\nText.', 'Text.'],
  ])('may be %s', (_, text, markdown) => {
    expect(read(text).markdown).toBe(markdown);
  });

  it('is not a thematic break', () => {
    expect(read('\n---\n\nText.\n\n---\n\nMore.').markdown).toBe('---\n\nText.\n\n---\n\nMore.');
    expect(read('---\n\nText and no more.').markdown).toBe('---\n\nText and no more.');
  });
});

describe('the format', () => {
  const prose = 'First words.\n\nThe Setup\n\nWe had a server.';
  const shaped = 'First words.\n\n## The Setup\n\nWe had a server.';

  it('is prose where there is neither front matter nor a heading', () => {
    expect(read(prose).markdown).toBe(shaped);
  });

  it.each([
    ['front matter', `---\ntags: a\n---\n${prose}`, prose],
    ['a heading', `${prose}\n\n### Own\n\nText.`, `${prose}\n\n### Own\n\nText.`],
    ['an underlined heading', `${prose}\n\nOwn\n---\n\nText.`, `${prose}\n\nOwn\n---\n\nText.`],
    ['a title as a heading', `# Title\n\n${prose}`, prose],
    ['a heading in HTML', `${prose}\n\n<h2>Own</h2>`, `${prose}\n\n<h2>Own</h2>`],
  ])('is Markdown where there is %s', (_, text, markdown) => {
    expect(read(text).markdown).toBe(markdown);
  });

  it('is prose where a # stands in code alone', () => {
    expect(read(`${prose}\n\n\`\`\`sh\n# a comment\n\`\`\``).markdown).toContain('## The Setup');
  });

  it('is what front matter says', () => {
    expect(read(`---\nformat: prose\n---\n${prose}`).markdown).toBe(shaped);
    expect(read(`---\nformat: markdown\n---\n${prose}`).markdown).toBe(prose);
  });
});

describe('the hash of what readers see', () => {
  const hashOf = (text: string, path = PATH): string => read(text, path).contentHash;
  const text = 'a / b / c\n\nText.';

  it.each([
    ['the name', hashOf(text, 'posts/other.md')],
    ['blank lines at the ends', hashOf(`\n\n${text}\n\n`)],
    ['tags', hashOf(`---\ntags: a\nformat: prose\n---\n${text}`)],
    ['the date', hashOf(`---\ndate: 2026-11-20\nformat: prose\n---\n${text}`)],
  ])('does not depend on %s', (_, hash) => {
    expect(hash).toBe(hashOf(text));
  });

  it.each([
    ['the text', 'a / b / c\n\nText!'],
    ['the haiku', 'a / b / d\n\nText.'],
    ['the title', '---\ntitle: x\nformat: prose\n---\na / b / c\n\nText.'],
    ['the summary', '---\nsummary: x\nformat: prose\n---\na / b / c\n\nText.'],
  ])('depends on %s', (_, other) => {
    expect(hashOf(other)).not.toBe(hashOf(text));
  });
});

describe('a transcript', () => {
  const text = '$ cat post/2026-11-20-a-/-b-/-c.md\n\nText begins.';

  it('is read as the post it names, from its own file', () => {
    const post = read(text, 'posts/000.txt');
    expect(post).toMatchObject({
      path: 'posts/000.txt',
      slug: '2026-11-20-a-b-c',
      haiku: ['a', 'b', 'c'],
      markdown: 'Text begins.',
    });
    expect(post.publishedAt?.toPlainDate().toString()).toBe('2026-11-20');
  });

  it('may have front matter below its first line', () => {
    expect(read('$ cat post/x.md\n\n---\ntitle: T\n---\na / b / c\n\nText.', 'posts/0.txt')).toMatchObject({
      title: 'T',
      slug: 'x',
      markdown: 'Text.',
    });
  });

  it('whose name leaves the folder has a harmless slug', () => {
    expect(read('$ cat post/../../etc/passwd.md\na / b / c', 'posts/0.txt').slug).toBe('etc-passwd');
  });
});

describe('an empty file', () => {
  it.each([[''], ['\n\n  \n']])('is left out: %j', (text) => {
    expect(refusal(text)).toBe('posts/a-note.md: error: it is empty: write something, or remove it');
  });
});

describe('very long lines', () => {
  it.each([
    ['letters', 'x'.repeat(1_900_000)],
    ['brackets', '['.repeat(1_900_000)],
    ['stars', '*a'.repeat(900_000)],
    ['spaces', `a${' '.repeat(1_900_000)}b`],
    ['slashes', ' / '.repeat(600_000)],
    ['dashes', '- '.repeat(900_000) + 'x'],
    ['quotes after a stop', `a${'."'.repeat(900_000)}x`],
    ['backticks', '`'.repeat(1_900_000)],
    ['newlines', '\n'.repeat(900_000) + 'x'],
    ['short lines', 'Short line\n\n'.repeat(150_000) + 'Text.'],
    ['fences', '```\n'.repeat(400_000)],
    ['tabs', '\t'.repeat(1_900_000) + 'x'],
  ])('of %s are read without delay', { timeout: 5000 }, (_, text) => {
    expect(read(text).title).not.toBe('');
  });
});
