/** Readers of others with what they remember, before one feed at one address: what each has, and what it takes for new when it looks again. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';

/** Id, link, title, and moment in seconds. */
export type Row = readonly [id: string, link: string, title: string, at: number];

export type Reader = {
  readonly name: string;
  /** Looks at the feed; answers with the ids that are new to it. */
  readonly look: () => Promise<readonly string[]>;
};

const exec = promisify(execFile);
const FEEDPARSER = fileURLToPath(new URL('read-feedparser.py', import.meta.url));

async function run(home: string, program: string, ...words: readonly string[]): Promise<string> {
  const env = { ...process.env, HOME: home };
  return (await exec(program, words, { env, maxBuffer: 64_000_000 })).stdout;
}

/** What a reader that remembers ids alone takes for new. */
function openMemory(name: string, read: () => Promise<readonly Row[]>): Reader {
  const known = new Set<string>();
  return {
    name,
    look: async () => {
      const ids = (await read()).map(([id]) => id);
      const fresh = ids.filter((id) => !known.has(id));
      for (const id of fresh) known.add(id);
      return fresh;
    },
  };
}

/** `files`: feed documents on this disk; what it reads in each, in their order. Throws where feedparser finds a fault. */
export async function readByFeedparser(
  home: string,
  files: readonly string[],
): Promise<readonly (readonly Row[])[]> {
  const said = await run(home, '/usr/bin/python3', FEEDPARSER, ...files);
  const lines = said.split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    const { bozo, entries } = JSON.parse(line) as { bozo: boolean; entries: Row[] };
    if (bozo) throw new Error(`feedparser finds a fault in ${files[index]}`);
    return entries;
  });
}

export async function readBySfeed(home: string, file: string): Promise<readonly Row[]> {
  const said = await run(home, '/bin/sh', '-c', `exec sfeed < "${file}"`);
  const lines = said.split('\n').filter((line) => line !== '');
  return lines.map((line): Row => {
    const [at = '', title = '', link = '', , , id = ''] = line.split('\t');
    return [id, link, title, Number(at)];
  });
}

/** `file`: `rss.xml`, `atom.xml` or `feed.json` on this disk. */
export async function readByFeedsmith(file: string): Promise<readonly Row[]> {
  const text = await readFile(file, 'utf8');
  const row = (id = '', link = '', title = '', at = ''): Row => [
    id,
    link,
    title,
    Math.floor(Date.parse(at) / 1000),
  ];
  if (file.endsWith('rss.xml')) {
    const { items = [] } = parseRssFeed(text);
    return items.map(({ guid, link, title, pubDate }) => row(guid?.value, link, title, pubDate));
  }
  if (file.endsWith('.json')) {
    const { items = [] } = parseJsonFeed(text);
    return items.map(({ id, url, title, date_published }) => row(id, url, title, date_published));
  }
  const { entries = [] } = parseAtomFeed(text);
  return entries.map(({ id, links, title, published }) => {
    const link = links?.find(({ rel = 'alternate' }) => rel === 'alternate')?.href;
    return row(id, link, typeof title === 'string' ? title : title?.value, published);
  });
}

/** Subscribed to `url`, with all that it remembers in `home`; `ids`: a file with those that it may find. */
async function openNewsboat(home: string, url: string, ids: string): Promise<Reader> {
  await writeFile(join(home, 'urls'), `${url}\n`);
  await writeFile(join(home, 'config'), 'max-items 0\n');
  const newsboat = async (...words: readonly string[]): Promise<string> =>
    await run(
      home,
      'newsboat',
      '-u',
      join(home, 'urls'),
      '-c',
      join(home, 'cache.db'),
      '-C',
      join(home, 'config'),
      ...words,
    );
  const readIds = async (): Promise<readonly string[]> => {
    await newsboat('-E', join(home, 'read'));
    return (await readFile(join(home, 'read'), 'utf8')).split('\n').filter((line) => line !== '');
  };
  return {
    name: 'newsboat',
    look: async () => {
      await newsboat('-x', 'reload');
      const unread = Number.parseInt(await newsboat('-x', 'print-unread'), 10);
      const before = new Set(await readIds());
      // It tells the ids of what was read alone: all that it has is marked so.
      await newsboat('-I', ids);
      const fresh = (await readIds()).filter((id) => !before.has(id));
      if (fresh.length !== unread) throw new Error(`newsboat has ${unread} unread, of ${fresh.length} ids`);
      return fresh;
    },
  };
}

/** Sends each new entry as a mail, into a folder. */
async function openRss2email(home: string, url: string): Promise<Reader> {
  const box = join(home, 'mail', 'INBOX', 'new');
  await mkdir(join(home, 'mail'), { recursive: true });
  await writeFile(
    join(home, 'rss2email.cfg'),
    `[DEFAULT]\nfrom = a@example.org\nto = b@example.org\nemail-protocol = maildir\nmaildir-path = ${join(home, 'mail')}\nmaildir-mailbox = INBOX\nverbose = error\n`,
  );
  const r2e = async (...words: readonly string[]): Promise<string> =>
    await run(home, 'r2e', '-c', join(home, 'rss2email.cfg'), '-d', join(home, 'seen.json'), ...words);
  await r2e('add', 'almanac', url);
  const seen = new Set<string>();
  return {
    name: 'rss2email',
    look: async () => {
      await r2e('run');
      const files = (await readdir(box).catch(() => [])).filter((file) => !seen.has(file));
      for (const file of files) seen.add(file);
      const mails = await Promise.all(files.map(async (file) => await readFile(join(box, file), 'utf8')));
      return mails.map((mail) => /^X-RSS-ID:\s*(\S+)/im.exec(mail)?.[1] ?? 'no id');
    },
  };
}

/** `file`: where the document at `url` lies, for those that read files; `ids`: a file with the ids that it has, line by line. */
export async function openReaders(
  home: string,
  url: string,
  file: string,
  ids: string,
): Promise<readonly Reader[]> {
  const at = async (name: string): Promise<string> => {
    await mkdir(join(home, name), { recursive: true });
    return join(home, name);
  };
  return [
    openMemory('feedparser', async () => (await readByFeedparser(home, [file])).flat()),
    openMemory('sfeed', async () => await readBySfeed(home, file)),
    await openNewsboat(await at('newsboat'), url, ids),
    await openRss2email(await at('rss2email'), url),
  ];
}
