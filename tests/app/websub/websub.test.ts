/**
 * WebSub over real sockets: pings to hubs, and the embedded hub as the W3C's implementation reports ask for it (publisher and hub), from the form to the
 * delivery.
 */
import { createHmac } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCalls } from '../../../src/app/websub/make-calls.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
import {
  ask,
  call,
  openExample,
  openHub,
  openReader,
  openStranger,
  OWN_HUB,
  posts,
  publish,
  root,
  share,
  TOPIC,
} from './websub-example.ts';

describe('a hub', () => {
  it('is told of each topic that changed, once the files are there, and of no other', async () => {
    const hub = await openStranger(() => ({ status: 204 }));
    const example = await openExample([hub.url]);
    for (const path of ['rss.xml', 'tags/a b/atom.xml', 'archive/1/rss.xml', 'sitemap.xml', 'index.html']) {
      await example.write(path, 'one');
    }
    await share(example);
    await call(example);
    const topics = hub.seen.map(({ body }) => new URLSearchParams(body).get('hub.url') ?? '');
    topics.sort((one, other) => (one < other ? -1 : 1));
    expect(topics).toEqual([TOPIC, new URL('tags/a%20b/atom.xml', PUBLICATION.url).href]);
    expect(hub.seen[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(new URLSearchParams(hub.seen[0]?.body).get('hub.mode')).toBe('publish');
    await share(example);
    await call(example);
    expect(hub.seen).toHaveLength(2);
    await publish(example, 'two');
    await call(example);
    expect(hub.seen).toHaveLength(3);
  });

  it('that is away is told later, ever more seldom, once for all that changed, over restarts', async () => {
    let status = 503;
    const hub = await openStranger(() => ({ status }));
    const example = await openExample([hub.url]);
    await publish(example, 'one');
    await call(example);
    await publish(example, 'two');
    await call(example);
    expect(hub.seen).toHaveLength(2);
    await call(example);
    expect(hub.seen).toHaveLength(2);
    await example.renga.store.close();
    const restarted = await openExample([hub.url]);
    restarted.pass(60);
    status = 202;
    await call(restarted);
    expect(hub.seen).toHaveLength(3);
    restarted.pass(86_400);
    await call(restarted);
    expect(hub.seen).toHaveLength(3);
    expect(restarted.events).toEqual([{ kind: 'pinged', hub: hub.url, topic: TOPIC }]);
  });

  it('is given up after about a day, and told of the next change', async () => {
    const hub = await openStranger(() => ({ status: 500 }));
    const example = await openExample([hub.url]);
    await publish(example, 'one');
    for (let hours = 0; hours < 48; hours += 1) {
      await call(example);
      example.pass(3600);
    }
    expect(example.events.map(({ kind }) => kind)).toEqual(['call-given-up']);
    const tries = hub.seen.length;
    expect(tries).toBeGreaterThan(8);
    await publish(example, 'two');
    await call(example);
    expect(hub.seen).toHaveLength(tries + 1);
  });

  it('is told after a death between the files and the telling', async () => {
    const hub = await openStranger(() => ({ status: 204 }));
    const example = await openExample([hub.url]);
    await publish(example, 'one');
    await call(example);
    await example.write('rss.xml', 'two');
    await example.renga.store.close();
    const restarted = await openExample([hub.url]);
    await share(restarted);
    await call(restarted);
    expect(hub.seen).toHaveLength(2);
  });

  it('is not told while a target lacks the files', async () => {
    const hub = await openStranger(() => ({ status: 204 }));
    const gate = join(root, 'open');
    const target = { kind: 'command', command: `test -e ${gate}`, remove: 'true' } as const;
    const example = await openExample([hub.url], { targets: [target] });
    await publish(example, 'one');
    await call(example);
    expect(hub.seen).toHaveLength(0);
    await writeFile(gate, '');
    await share(example);
    await call(example);
    expect(hub.seen).toHaveLength(1);
  });

  it('that does not answer keeps no other waiting', async () => {
    const quick = await openStranger(() => ({ status: 204 }));
    const slow = createServer(() => undefined);
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.2', resolve));
    onTestFinished(() => {
      slow.closeAllConnections();
      slow.close();
    });
    const away = `http://127.0.0.2:${(slow.address() as AddressInfo).port}/`;
    const example = await openExample([away, quick.url]);
    await publish(example, 'one');
    const stopping = new AbortController();
    const calling = makeCalls(example.renga, stopping.signal);
    while (example.events.length === 0) await new Promise((next) => setImmediate(next));
    stopping.abort();
    await calling;
    expect(await example.renga.store.websub.counts(example.renga.clock())).toMatchObject({ ping: 1 });
  });
});

describe('the embedded hub', () => {
  it('verifies who asked, with a challenge of its own, and keeps the query of the callback', async () => {
    const example = await openHub();
    const reader = await openReader();
    expect(await ask(example, `${reader.url}cb?id=7&x=%20a`, { 'hub.foo': 'bar' })).toEqual({
      kind: 'taken',
    });
    await ask(example, `${reader.url}cb?id=8`);
    expect(reader.seen).toHaveLength(0);
    await call(example);
    const [first, second] = reader.seen.map(({ url }) => url);
    expect(reader.seen[0]?.method).toBe('GET');
    expect(first?.search).toMatch(/^\?id=7&x=%20a&hub\.mode=subscribe&/u);
    expect(Object.fromEntries(first?.searchParams ?? [])).toMatchObject({
      'hub.topic': TOPIC,
      'hub.lease_seconds': '864000',
    });
    const challenges = [first, second].map((url) => url?.searchParams.get('hub.challenge') ?? '');
    expect(challenges[0]).toMatch(/^[\w-]{32}$/u);
    expect(challenges[0]).not.toBe(challenges[1]);
  });

  it('delivers the whole document with its type, its links and its signature', async () => {
    const example = await openHub();
    const reader = await openReader();
    await ask(example, reader.url, { 'hub.secret': 'shh' });
    await call(example);
    await publish(example, '<rss>sécond</rss>');
    await call(example);
    const [delivery, ...others] = posts(reader.seen);
    expect(others).toEqual([]);
    expect(delivery?.body).toBe('<rss>sécond</rss>');
    expect(delivery?.headers['content-type']).toMatch(/^application\/rss\+xml/u);
    expect(delivery?.headers['link']).toBe(`<${OWN_HUB}>; rel="hub", <${TOPIC}>; rel="self"`);
    const signature = createHmac('sha256', 'shh').update('<rss>sécond</rss>').digest('hex');
    expect(delivery?.headers['x-hub-signature']).toBe(`sha256=${signature}`);
  });

  it('delivers JSON as JSON, with the links of that topic', async () => {
    const example = await openHub();
    await example.write('feed.json', '{}');
    await share(example);
    const reader = await openReader();
    const topic = new URL('feed.json', PUBLICATION.url).href;
    await ask(example, reader.url, { 'hub.topic': topic });
    await call(example);
    await example.write('feed.json', '{"items":[]}');
    await publish(example, 'another topic, which nobody asked for');
    await call(example);
    const [delivery, ...others] = posts(reader.seen);
    expect(others).toEqual([]);
    expect([delivery?.body, delivery?.headers['content-type']]).toEqual([
      '{"items":[]}',
      'application/feed+json; charset=utf-8',
    ]);
    expect(delivery?.headers['link']).toContain(`<${topic}>; rel="self"`);
  });

  it('signs each delivery with the secret that was confirmed last', async () => {
    const example = await openHub();
    const reader = await openReader();
    for (const secret of ['one', 'two']) {
      await ask(example, reader.url, { 'hub.secret': secret });
      await call(example);
    }
    await publish(example, 'second');
    await call(example);
    const signature = createHmac('sha256', 'two').update('second').digest('hex');
    expect(posts(reader.seen).map(({ headers }) => headers['x-hub-signature'])).toEqual([
      `sha256=${signature}`,
    ]);
  });

  it('takes a callback back that ended, and one that asks twice gets one delivery', async () => {
    const example = await openHub();
    const reader = await openReader();
    for (const mode of ['subscribe', 'unsubscribe', 'subscribe', 'subscribe']) {
      await ask(example, reader.url, { 'hub.mode': mode });
      await call(example);
    }
    await publish(example, 'second');
    await call(example);
    expect(posts(reader.seen).map(({ body }) => body)).toEqual(['second']);
  });

  it('keeps two callbacks of one host apart, by path and by query', async () => {
    const example = await openHub();
    const reader = await openReader();
    for (const path of ['cb', 'cb?a=1', 'cb?a=2']) await ask(example, `${reader.url}${path}`);
    await call(example);
    await ask(example, `${reader.url}cb?a=1`, { 'hub.mode': 'unsubscribe' });
    await call(example);
    await publish(example, 'second');
    await call(example);
    const paths = posts(reader.seen).map(({ url }) => `${url.pathname}${url.search}`);
    expect(paths.toSorted()).toEqual(['/cb', '/cb?a=2']);
  });

  it('signs nothing without a secret', async () => {
    const example = await openHub();
    const reader = await openReader();
    await ask(example, reader.url);
    await call(example);
    await publish(example, 'second');
    await call(example);
    expect(posts(reader.seen)[0]?.headers['x-hub-signature']).toBeUndefined();
  });

  it.each([
    ['a wrong challenge', { challenge: () => 'mine' }],
    ['a challenge with more around it', { challenge: (text: string) => `${text}\n` }],
  ])('believes no callback that answers %s', async (_, changes) => {
    const example = await openHub();
    const reader = await openReader(changes);
    await ask(example, reader.url);
    await call(example);
    await publish(example, 'second');
    await call(example);
    expect(posts(reader.seen)).toEqual([]);
    expect(reader.seen).toHaveLength(1);
  });

  it.each([404, 500, 302])(
    'believes no callback that answers %d, and follows no redirect',
    async (status) => {
      const example = await openHub();
      const reader = await openStranger(({ url }) => ({
        status,
        body: url.searchParams.get('hub.challenge') ?? '',
        headers: { Location: '/elsewhere' },
      }));
      await ask(example, reader.url);
      await call(example);
      expect(reader.seen).toHaveLength(1);
      expect(await example.renga.store.websub.counts(example.renga.clock())).toMatchObject({ callbacks: 0 });
    },
  );

  it.each([
    ['3600', 3600],
    ['1', 60],
    ['99999999999', 30 * 86_400],
    ['', 864_000],
  ])('gives a lease of %j as %d seconds, and serves no longer', async (asked, seconds) => {
    const example = await openHub();
    const reader = await openReader();
    await ask(example, reader.url, { 'hub.lease_seconds': asked });
    await call(example);
    expect(reader.seen[0]?.url.searchParams.get('hub.lease_seconds')).toBe(String(seconds));
    example.pass(seconds - 1);
    await publish(example, 'second');
    await call(example);
    example.pass(1);
    await publish(example, 'third');
    await call(example);
    expect(posts(reader.seen).map(({ body }) => body)).toEqual(['second']);
  });

  it('renews a lease', async () => {
    const example = await openHub();
    const reader = await openReader();
    for (const _ of [1, 2]) {
      await ask(example, reader.url, { 'hub.lease_seconds': '600' });
      await call(example);
      example.pass(599);
    }
    await publish(example, 'second');
    await call(example);
    expect(posts(reader.seen)).toHaveLength(1);
  });

  it('ends what is asked to end, when the callback says so, and only then', async () => {
    const example = await openHub();
    let agrees = false;
    const reader = await openStranger(({ url, method }) => {
      const challenge = url.searchParams.get('hub.challenge') ?? '';
      const isEnding = url.searchParams.get('hub.mode') === 'unsubscribe';
      return { status: method === 'GET' && isEnding && !agrees ? 404 : 200, body: challenge };
    });
    await ask(example, reader.url);
    await call(example);
    await ask(example, reader.url, { 'hub.mode': 'unsubscribe' });
    await call(example);
    await publish(example, 'second');
    await call(example);
    expect(posts(reader.seen)).toHaveLength(1);
    agrees = true;
    await ask(example, reader.url, { 'hub.mode': 'unsubscribe' });
    await call(example);
    expect(reader.seen.at(-1)?.url.searchParams.has('hub.lease_seconds')).toBe(false);
    await publish(example, 'third');
    await call(example);
    expect(posts(reader.seen)).toHaveLength(1);
  });

  it('delivers again to who could not take it, the newest only, and ends with 410', async () => {
    const example = await openHub();
    let status = 500;
    const reader = await openStranger(({ url, method }) => ({
      status: method === 'GET' ? 200 : status,
      body: url.searchParams.get('hub.challenge') ?? '',
    }));
    await ask(example, reader.url);
    await call(example);
    await publish(example, 'second');
    await call(example);
    await example.write('rss.xml', 'third');
    example.pass(60);
    status = 200;
    await call(example);
    expect(posts(reader.seen).map(({ body }) => body)).toEqual(['second', 'third']);
    status = 410;
    await publish(example, 'fourth');
    await call(example);
    await publish(example, 'fifth');
    await call(example);
    expect(posts(reader.seen)).toHaveLength(3);
  });

  it('tells callbacks of a feed that is no more', async () => {
    const example = await openHub();
    const reader = await openReader();
    await ask(example, reader.url);
    await call(example);
    await publish(example, 'second');
    await rm(join(root, 'public', 'rss.xml'));
    await call(example);
    expect(Object.fromEntries(reader.seen.at(-1)?.url.searchParams ?? [])).toEqual({
      'hub.mode': 'denied',
      'hub.topic': TOPIC,
      'hub.reason': 'this feed is no more',
    });
    expect(await example.renga.store.websub.nextDue()).toBeNull();
  });

  it.each([
    [{ 'hub.mode': 'publish' }, 403],
    [{ 'hub.mode': 'delete' }, 400],
    [{ 'hub.topic': 'https://elsewhere.example/rss.xml' }, 404],
    [{ 'hub.topic': `${TOPIC}?` }, 404],
    [{ 'hub.secret': 'x'.repeat(200) }, 400],
    [{ 'hub.secret': 'ä'.repeat(100) }, 400],
    [{ 'hub.lease_seconds': 'soon' }, 400],
    [{ 'hub.lease_seconds': '-1' }, 400],
    [{ 'hub.callback': 'https://reader.example/#top' }, 400],
    [{ 'hub.callback': `https://reader.example/${'x'.repeat(1000)}` }, 400],
  ])('refuses %j with %d, and calls nobody', async (fields, status) => {
    const example = await openHub();
    const reader = await openReader();
    expect(await ask(example, reader.url, fields)).toMatchObject({ kind: 'refused', status });
    await call(example);
    expect(reader.seen).toEqual([]);
  });

  it('takes a secret of 199 bytes', async () => {
    const example = await openHub();
    expect(await ask(example, 'https://reader.example/', { 'hub.secret': 'x'.repeat(199) })).toEqual({
      kind: 'taken',
    });
  });

  it('refuses what a stranger may not name', async () => {
    const example = await openHub({ judgeAddress: () => 'its address is private' });
    expect(await ask(example, 'http://10.0.0.1/')).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('has enough of a visitor who asks without end', async () => {
    const example = await openHub();
    const answers: string[] = [];
    for (let index = 0; index < 260; index += 1) {
      const answer = await ask(example, `https://reader${index}.example/`);
      answers.push(answer.kind === 'taken' ? 'taken' : String(answer.status));
    }
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(240);
    expect(answers.at(-1)).toBe('429');
  });

  it('serves callbacks over a restart', async () => {
    const example = await openHub();
    const reader = await openReader();
    await ask(example, reader.url);
    await example.renga.store.close();
    const restarted = await openExample([OWN_HUB]);
    await call(restarted);
    await publish(restarted, 'second');
    await restarted.renga.store.close();
    await call(await openExample([OWN_HUB]));
    expect(posts(reader.seen).map(({ body }) => body)).toEqual(['second']);
  });
});
