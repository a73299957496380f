/** A publication with hubs, and servers of strangers on real sockets: hubs that are pinged, and callbacks that the embedded hub delivers to. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, onTestFinished } from 'vitest';
import type { Event } from '../../../src/app/event.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { shareSite } from '../../../src/app/sharing/share-site.ts';
import { makeCalls } from '../../../src/app/websub/make-calls.ts';
import { takeHubRequest } from '../../../src/app/websub/take-request.ts';
import { openCache } from '../../../src/store/open-cache.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
import { openExampleOutside } from '../example-outside.ts';

export const TOPIC = new URL('rss.xml', PUBLICATION.url).href;
export const OWN_HUB = 'https://example.org/websub';
export const never = new AbortController().signal;

export type Seen = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Example = {
  readonly renga: Renga;
  readonly events: Event[];
  readonly write: (path: string, text: string) => Promise<void>;
  /** Lets that many seconds pass. */
  readonly pass: (seconds: number) => void;
};

/** A server of somebody else: `answer` says what it does. */
export async function openStranger(
  answer: (seen: Seen) => {
    readonly status: number;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  },
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', headers } = request;
      const body = Buffer.concat(pieces).toString();
      const one = { method, url: new URL(request.url ?? '', 'http://stranger'), headers, body };
      seen.push(one);
      const { status, body: words = '', headers: more = {} } = answer(one);
      response.writeHead(status, more).end(words);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
}

/** A subscriber who confirms what it is asked, and takes what comes. */
export const openReader = async (
  changes: { readonly status?: number; readonly challenge?: (text: string) => string } = {},
) =>
  await openStranger(({ method, url }) => {
    const challenge = url.searchParams.get('hub.challenge') ?? '';
    return method === 'GET'
      ? { status: 200, body: (changes.challenge ?? ((text: string) => text))(challenge) }
      : { status: changes.status ?? 204 };
  });

/** Of the test that runs. */
export let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-websub-'));
  for (const name of ['public', 'var']) await mkdir(join(root, name));
  onTestFinished(async () => await rm(root, { recursive: true, force: true }));
});

export async function openExample(hubs: readonly string[], changes: Partial<Renga> = {}): Promise<Example> {
  let now = Temporal.Instant.from('2026-11-12T12:00:00Z');
  const store = await openStore({ location: join(root, 'var', 'renga.db'), now });
  const cache = openCache(join(root, 'var', 'cache.db'));
  onTestFinished(async () => {
    await store.close();
    cache.close();
  });
  const events: Event[] = [];
  const renga = {
    root,
    publication: PUBLICATION,
    websub: { hubs, ownHub: hubs.includes(OWN_HUB) ? OWN_HUB : null },
    targets: [],
    store,
    cache,
    clock: () => now,
    report: (event: Event) => void events.push(event),
    ...openExampleOutside(root),
    ...changes,
  } as unknown as Renga;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(root, 'public', path, '..'), { recursive: true });
    await writeFile(join(root, 'public', path), text);
  };
  return { renga, events, write, pass: (seconds) => void (now = now.add({ seconds })) };
}

export const share = async ({ renga }: Example) => await shareSite(renga, never);
export const call = async ({ renga }: Example) => await makeCalls(renga, never);
export const publish = async (example: Example, text: string): Promise<void> => {
  await example.write('rss.xml', text);
  await share(example);
};

const asking = (callback: string, changes: Readonly<Record<string, string>> = {}) => {
  const fields = new Map(
    Object.entries({ 'hub.mode': 'subscribe', 'hub.topic': TOPIC, 'hub.callback': callback, ...changes }),
  );
  return (name: string): string | null => fields.get(name) ?? null;
};

export async function openHub(changes: Partial<Renga> = {}): Promise<Example> {
  const example = await openExample([OWN_HUB], changes);
  await publish(example, '<rss>first</rss>');
  return example;
}

export const ask = async (
  { renga }: Example,
  callback: string,
  fields: Readonly<Record<string, string>> = {},
) => await takeHubRequest(renga, asking(callback, fields), '192.0.2.7');

export const posts = (seen: readonly Seen[]): readonly Seen[] =>
  seen.filter(({ method }) => method === 'POST');
