/** Hosts that hang or are away, with much that is owed to them: they keep no other waiting, and are left alone until their time comes. */
import { createServer, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { makeCalls } from '../../../src/app/websub/make-calls.ts';
import { openRequests } from '../../../src/outside/open-requests.ts';
import { ANYWHERE } from '../../../src/outside/place-rules.ts';
import {
  type Example,
  never,
  openExample,
  openReader,
  OWN_HUB,
  posts,
  publish,
  TOPIC,
} from './websub-example.ts';

const CALLBACKS = 20;

/** Callbacks that confirmed: their servers answered then. */
async function serve({ renga }: Example, urls: readonly string[], topic = TOPIC): Promise<void> {
  const { websub } = renga.store;
  const intent = { mode: 'subscribe', leaseSeconds: 864_000, secret: null } as const;
  const now = renga.clock();
  for (const callback of urls)
    await websub.ask({ topic, callback, intent }, { all: 1000, perHost: 1000 }, now);
  const order = { limit: 1000, perHost: 1000, inFlight: {}, now, until: now.add({ seconds: 90 }) };
  for (let calls = await websub.claim(order); calls.length > 0; calls = await websub.claim(order)) {
    for (const one of calls) await websub.confirm(one, now.add({ hours: 240 }), now);
  }
}

/** Takes connections and says nothing, or ends them at once. */
async function openSilent(
  host: string,
  isAway: boolean,
): Promise<{ readonly url: string; readonly met: () => number }> {
  let met = 0;
  const sockets = new Set<{ destroy: () => unknown }>();
  const server: Server = createServer((socket) => {
    met += 1;
    sockets.add(socket.on('error', () => undefined));
    if (isAway) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has a port');
  return { url: `http://${host}:${address.port}/`, met: () => met };
}

const HOSTS = Array.from({ length: 8 }, (_, index) => `127.0.1.${index + 1}`);
const namesBelow = (url: string): readonly string[] =>
  Array.from({ length: CALLBACKS }, (_, index) => `${url}${index}`);

it('eight hosts that hang keep no other waiting', async () => {
  // Longer than the test may take: nobody waits for them to fail.
  const sendRequest = openRequests({ rules: ANYWHERE, timeLimit: 600_000, userAgent: 'Renga/1.0.0' });
  const example = await openExample([OWN_HUB], { sendRequest });
  const silent = await Promise.all(HOSTS.map(async (host) => await openSilent(host, false)));
  const quick = await openReader();
  // Deliveries of this topic come first.
  await example.write('atom.xml', 'first');
  await publish(example, 'first');
  const urls = silent.flatMap(({ url }) => namesBelow(url));
  await serve(example, urls, new URL('atom.xml', TOPIC).href);
  await serve(example, [quick.url]);
  await example.write('atom.xml', 'second');
  await publish(example, 'second');
  const stopping = new AbortController();
  const calling = makeCalls(example.renga, stopping.signal);
  while (posts(quick.seen).length === 0) await new Promise((next) => setImmediate(next));
  stopping.abort();
  await calling;
  expect(silent.map(({ met }) => met() <= 2)).toEqual(HOSTS.map(() => true));
});

it('a host that is away is tried by a call or two, and the others that it is owed wait as long', async () => {
  const example = await openExample([OWN_HUB]);
  await publish(example, 'first');
  const away = await Promise.all(HOSTS.map(async (host) => await openSilent(host, true)));
  const quick = await openReader();
  await serve(example, [...away.flatMap(({ url }) => namesBelow(url)), quick.url]);
  await publish(example, 'second');
  await makeCalls(example.renga, never);
  const met = away.map((host) => host.met());
  expect(met.filter((times) => times < 1 || times > 3)).toEqual([]);
  await makeCalls(example.renga, never);
  expect(away.map((host) => host.met())).toEqual(met);
  const failing = await example.renga.store.websub.failing(100);
  expect(failing.map(({ host, calls }) => [host, calls])).toEqual(HOSTS.map((host) => [host, CALLBACKS]));
  expect(posts(quick.seen)).toHaveLength(1);
});

it('a host that is back gets all that it is owed', async () => {
  const example = await openExample([OWN_HUB]);
  await publish(example, 'first');
  let isAway = true;
  const { sendRequest } = example.renga;
  const renga = {
    ...example.renga,
    sendRequest: async (...given: Parameters<typeof sendRequest>) =>
      isAway ? ({ kind: 'failed', reason: 'nobody is there' } as const) : await sendRequest(...given),
  };
  const reader = await openReader();
  await serve(example, namesBelow(reader.url));
  await publish(example, 'second');
  await makeCalls(renga, never);
  isAway = false;
  expect(posts(reader.seen)).toHaveLength(0);
  example.pass(60);
  await makeCalls(renga, never);
  expect(posts(reader.seen)).toHaveLength(CALLBACKS);
});
