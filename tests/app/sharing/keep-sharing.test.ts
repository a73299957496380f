/** Sharing beside all else that `serve` does: what hangs out there holds up nothing here, what fails is told once, and it ends when the program does. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { keepGoing } from '../../../src/app/keep-going.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { keepSharing } from '../../../src/app/sharing/keep-sharing.ts';
import { measureSharing, showSharing } from '../../../src/app/sharing/show-sharing.ts';
import { renderSharing } from '../../../src/cli/show-sharing.ts';
import type { Target } from '../../../src/domain/target.ts';
import { newcomer } from '../../store/samples.ts';
import {
  type ExamplePublication,
  MONDAY,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
} from '../example-publication.ts';

const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

const nextTurn = async (): Promise<unknown> => await new Promise((next) => setImmediate(next));
const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await nextTurn();
};
const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

const hang = (started: string): Target => ({
  kind: 'command',
  command: `touch '${started}'; sleep 600`,
  remove: 'true',
});

/** A server of somebody else, with what it was sent. */
async function openHub(answer: {
  status: number;
}): Promise<{ readonly url: string; readonly pings: string[] }> {
  const pings: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => pings.push(text));
    request.on('end', () => response.writeHead(answer.status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, pings };
}

/** Until the test is over. */
function share(example: ExamplePublication, changes: Partial<Renga>): ReturnType<typeof keepSharing> {
  const stopping = new AbortController();
  const sharing = keepSharing({ ...example.renga, ...changes }, stopping.signal);
  onTestFinished(async () => {
    stopping.abort();
    await sharing.quiet();
  });
  return sharing;
}

it('a place that hangs holds up neither rounds nor digests, and is left when the program ends', async () => {
  let now = START;
  let cron = (): void => undefined;
  const example = await openExamplePublication(workshop);
  const started = join(example.root, 'started');
  const targets = [hang(started)];
  await example.renga.store.subscribers.add([newcomer('ann')], START);
  await example.write('posts/a.md', postText('First'));
  const going = keepGoing(
    { ...example.renga, targets, clock: () => now },
    (wake) => {
      cron = wake;
      return { stop: () => undefined };
    },
    async () => await Promise.resolve(),
    1,
  );
  try {
    await going.firstRound;
    await until(async () => await exists(started));
    await example.write('posts/b.md', postText('Second'));
    await until(async () => ((await example.published('rss.xml')) ?? '').includes('Second'));
    now = MONDAY;
    cron();
    await until(() => example.server.taken.length > 0);
  } finally {
    await going.stop();
  }
  expect(example.server.taken).toHaveLength(1);
});

it('a digest is mailed once its page is elsewhere', async () => {
  let now = START;
  let cron = (): void => undefined;
  const example = await openExamplePublication(workshop);
  const gate = join(example.root, 'gate');
  const reached = join(example.root, 'reached');
  // The page of the digest is the one that waits.
  const command = `case "$(cat)" in *digests/1/*) touch '${reached}'; until test -e '${gate}'; do sleep 0.01; done;; esac`;
  const targets: readonly Target[] = [{ kind: 'command', command, remove: 'true' }];
  await example.renga.store.subscribers.add([newcomer('ann')], START);
  await example.write('posts/a.md', postText('First'));
  const going = keepGoing(
    { ...example.renga, targets, clock: () => now },
    (wake) => {
      cron = wake;
      return { stop: () => undefined };
    },
    async () => await Promise.resolve(),
  );
  try {
    await going.firstRound;
    now = MONDAY;
    cron();
    await until(async () => await exists(reached));
    // Rounds go on meanwhile, and delivering with them.
    await example.write('posts/b.md', postText('Second'));
    await until(async () => ((await example.published('rss.xml')) ?? '').includes('Second'));
    expect(example.server.taken).toHaveLength(0);
    await writeFile(gate, '');
    await until(() => example.server.taken.length > 0);
  } finally {
    await writeFile(gate, '');
    await going.stop();
  }
  expect(example.server.taken).toHaveLength(1);
});

it('a place that fails is told of once, until it has gone well', async () => {
  const example = await openExamplePublication(workshop);
  const gate = join(example.root, 'gate');
  const counter = join(example.root, 'runs');
  const command = `cat > /dev/null; test -e '${gate}'; ended=$?; echo x >> '${counter}'; exit $ended`;
  const sharing = share(example, { targets: [{ kind: 'command', command, remove: 'true' }] });
  const runs = async (): Promise<number> => (await readFile(counter, 'utf8').catch(() => '')).length / 2;
  const kinds = (): readonly string[] => example.events.map(({ kind }) => kind);
  const rounds = async (text: string): Promise<void> => {
    await example.write('public/index.html', text);
    const before = await runs();
    sharing.wake();
    await until(async () => (await runs()) > before);
  };
  await rounds('one');
  await until(() => kinds().length === 1);
  await rounds('two');
  await writeFile(gate, '');
  await rounds('three');
  await until(() => kinds().includes('carried'));
  expect(kinds()).toEqual(['carry-failed', 'carried']);
});

it('a hub that failed is tried again when its time has come, and once more after news', async () => {
  let now = START;
  const answer = { status: 503 };
  const hub = await openHub(answer);
  const example = await openExamplePublication(workshop);
  await example.write('public/rss.xml', 'one');
  const changes = { websub: { hubs: [hub.url], ownHub: null }, clock: () => now };
  const sharing = share(example, changes);
  sharing.wake();
  const { websub } = example.renga.store;
  await until(async () => (await websub.failing(1)).length === 1);
  expect(hub.pings).toHaveLength(1);
  const status = await showSharing({ ...example.renga, ...changes });
  expect(renderSharing(status, now)).toEqual([
    'websub: 1 hub, 1 ping waiting',
    '  127.0.0.1 did not take 1 ping (1 try), again within a minute',
  ]);
  expect(await measureSharing({ ...example.renga, ...changes })).toEqual({
    callbacks: 0,
    calls: { ping: 1, verify: 0, deliver: 0 },
    failingCalls: 1,
    failingTargets: 0,
  });
  answer.status = 204;
  now = now.add({ minutes: 1 });
  sharing.wake();
  await until(() => example.events.some(({ kind }) => kind === 'pinged'));
  expect(hub.pings).toHaveLength(2);
  expect(renderSharing(await showSharing({ ...example.renga, ...changes }), now)).toEqual([
    'websub: 1 hub, nothing waits',
  ]);
});

it('says what each place lacks, and what went wrong there', async () => {
  const example = await openExamplePublication(workshop);
  const gate = join(example.root, 'gate');
  const command = `TOKEN=secret /usr/bin/test -e '${gate}'`;
  const targets: readonly Target[] = [
    { kind: 'command', command, remove: 'true' },
    { kind: 'folder', folder: join(example.root, 'elsewhere') },
  ];
  const renga = { ...example.renga, targets };
  await example.write('public/index.html', 'one');
  await example.write('public/rss.xml', 'one');
  const look = async (): Promise<readonly string[]> => renderSharing(await showSharing(renga), START);
  expect(await look()).toEqual([
    'publish.to command test: lacks 2 files',
    `publish.to ${join(example.root, 'elsewhere')}: lacks 2 files`,
  ]);
  const sharing = share(example, { targets });
  sharing.wake();
  await until(() => example.events.length === 2);
  expect(await look()).toEqual([
    'publish.to command test: lacks 2 files',
    '  failed last time: a command of publish.to failed (pages): exit code 1',
    `publish.to ${join(example.root, 'elsewhere')}: has all files`,
  ]);
  expect((await measureSharing(renga)).failingTargets).toBe(1);
  await writeFile(gate, '');
  sharing.wake();
  await until(() => example.events.length === 3);
  expect((await look())[0]).toBe('publish.to command test: has all files');
  expect(await showSharing({ ...renga, targets: [] })).toBeNull();
});
