/**
 * A hundred readers a second, while the feeds are rebuilt two hundred times by a program that is killed at random: every answer is a whole feed, the three
 * formats never disagree, and none ever goes back behind what another has shown.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseFeed } from 'feedsmith';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serveLate } from '../../../src/http/late-app.ts';
import { openFeedDesk } from '../../../src/http/feeds/feed-desk.ts';
import { openFeedHatch } from '../../../src/http/feeds/feed-hatch.ts';
import { openFeedHeaders } from '../../../src/http/feeds/feed-headers.ts';
import { openFeedShelf } from '../../../src/http/feeds/feed-shelf.ts';
import { splitFeed } from '../../../src/http/feeds/split-feed.ts';
import { openExampleWeb, openMemory, PUBLICATION } from '../../http/example-web.ts';

const REBUILDS = 200;
const KILLS = 10;
const REBUILDER = fileURLToPath(new URL('rebuilder.ts', import.meta.url));
const FEEDS = ['rss.xml', 'atom.xml', 'feed.json'];

let root: string;
let rebuilder: ChildProcess | null = null;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-readers-'));
  await mkdir(join(root, 'config'));
  await mkdir(join(root, 'posts'));
  await writeFile(
    join(root, 'config', 'renga.yaml'),
    'publication: { title: Proofs, zone: UTC, url: "https://proofs.example/" }\nfrom: Proofs <proofs@proofs.example>\nsmtp: { url: "smtp://127.0.0.1:9" }\nfeeds: { entries: 5 }\npages: { enabled: false }\n',
  );
});
afterEach(async () => {
  rebuilder?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

async function startRebuilder(): Promise<{
  readonly child: ChildProcess;
  readonly lines: AsyncIterator<string>;
}> {
  const child = spawn(process.execPath, [REBUILDER, root], { stdio: ['pipe', 'pipe', 'inherit'] });
  rebuilder = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return { child, lines };
}

/** Publishes post after post; every twentieth time it is killed somewhere in the middle. */
async function rebuild(random: () => number): Promise<number> {
  let { child, lines } = await startRebuilder();
  let kills = 0;
  for (let number = 1; number <= REBUILDS; number += 1) {
    child.stdin!.write(`${number}\n`);
    if (number % (REBUILDS / KILLS) !== 0) {
      await lines.next();
      continue;
    }
    const ended = once(child, 'exit');
    const kill = (): void => void child.kill('SIGKILL');
    // At any moment, or just when one of the three is new and the others are not.
    const watcher = watch(join(root, 'public'), (_, name) => name === 'rss.xml' && kill());
    if (kills % 2 === 0) setTimeout(kill, random() * 60);
    await ended;
    watcher.close();
    kills += 1;
    ({ child, lines } = await startRebuilder());
  }
  child.stdin!.write(`${REBUILDS + 1}\n`);
  await lines.next();
  return kills;
}

/** By number of the newest post. */
function versionOf(text: string): number {
  parseFeed(text);
  const titles = text.match(/Post (\d+)/g) ?? [];
  return Math.max(0, ...titles.map((title) => Number(title.slice(5))));
}

/** The same sequence for the same seed. */
function openRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

it('readers get whole feeds that agree, whatever becomes of the publisher', {
  timeout: 480_000,
}, async () => {
  const folder = join(root, 'public');
  const headersOf = openFeedHeaders(PUBLICATION, () => null);
  const shelf = openFeedShelf({ folder, cache: openMemory(), headersOf });
  const feeds = openFeedDesk({ shelf, clock: () => Temporal.Now.instant(), count: () => undefined });
  const web = await openExampleWeb({ publicFolder: folder, feeds });
  const server = await serveLate({ host: '127.0.0.1', port: 0 });
  server.answerWith({
    fetch: web.app.fetch,
    answerPlain: openFeedHatch(feeds, '/', () => Temporal.Now.instant()),
  });

  const wrong: string[] = [];
  const entriesOf = new Map<number, string>();
  let newest = 0;
  let answers = 0;
  const read = async (name: string): Promise<void> => {
    const least = newest;
    const response = await fetch(`${server.url}${name}`);
    const text = await response.text();
    if (response.status !== 200) return;
    answers += 1;
    const version = versionOf(text);
    const entries = splitFeed(text)!
      .entries.map(({ id }) => id)
      .join();
    if (version < least) wrong.push(`${name} went back from ${least} to ${version}`);
    if ((entriesOf.get(version) ?? entries) !== entries) wrong.push(`${name} disagrees about ${version}`);
    entriesOf.set(version, entries);
    newest = Math.max(newest, version);
  };
  const reading = new AbortController();
  const readAll = async (): Promise<void> => {
    const pending: Promise<void>[] = [];
    // At their pace, whatever becomes of the answers: a hundred a second.
    while (!reading.signal.aborted) {
      pending.push(...FEEDS.map(async (name) => await read(name)));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await Promise.all(pending);
  };
  const readers = readAll();
  const kills = await rebuild(openRandom(7));
  reading.abort();
  await readers;
  for (const name of FEEDS) await read(name);
  await server.close();
  await web.close();
  expect({ wrong, newest, kills }).toEqual({ wrong: [], newest: REBUILDS + 1, kills: KILLS });
  expect(answers).toBeGreaterThan(REBUILDS);
});
