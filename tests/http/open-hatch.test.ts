/** Feeds over a socket: through the hatch and through the parser the same answers, and no connection lost between the two. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFeedHatch } from '../../src/http/feeds/feed-hatch.ts';
import { type HatchLimits, openHatch } from '../../src/http/open-hatch.ts';
import { type RunningWeb, serveWeb } from '../../src/http/serve-web.ts';
import { type ExampleWeb, NOW, openExampleWeb } from './example-web.ts';
import { ENTRIES, exampleFeeds } from './feeds/example-feeds.ts';

let web: ExampleWeb;
let running: RunningWeb;
/** How many requests came through the hatch. */
let plain: number;
/** How many were read for that. */
let read: number;

beforeEach(async () => {
  web = await openExampleWeb();
  await web.write('rss.xml', exampleFeeds(ENTRIES).rss);
  await web.write('index.html', 'front');
  const answer = openFeedHatch(web.feeds, '/', () => NOW);
  running = await serveWeb(
    {
      fetch: web.app.fetch,
      answerPlain: (request, peer) => {
        read += 1;
        const answerAgain = answer(request, peer);
        return () => {
          const found = answerAgain?.() ?? null;
          if (found) plain += 1;
          return found;
        };
      },
    },
    { host: '127.0.0.1', port: 0 },
  );
  // Asked for once, a feed is on the shelf.
  await (await fetch(`${running.url}rss.xml`)).text();
  plain = 0;
  read = 0;
});
afterEach(async () => {
  await running.close();
  await web.close();
});

async function dial(): Promise<Socket> {
  const socket = connect(running.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

type Answer = { readonly status: string; readonly fields: readonly string[]; readonly body: string };

/** Reads one answer with a Content-Length, or a 304. */
async function readAnswer(socket: Socket): Promise<Answer> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const [piece] = (await once(socket, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, piece]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const [status = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n');
    const length = status.includes(' 304 ')
      ? 0
      : Number(/^content-length: (\d+)$/im.exec(fields.join('\n'))?.[1] ?? 0);
    if (bytes.length < end + 4 + length) continue;
    expect(bytes.length).toBe(end + 4 + length);
    return { status, fields, body: bytes.toString('latin1', end + 4) };
  }
}

const ask = (path: string, ...lines: readonly string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: example.org', ...lines, '', ''].join('\r\n');

async function answerTo(socket: Socket, text: string): Promise<Answer> {
  const answer = readAnswer(socket);
  socket.write(text);
  return await answer;
}

describe('the hatch', () => {
  it.each([
    [[]],
    [['Accept-Encoding: gzip']],
    [['Accept-Encoding: br']],
    [['If-None-Match: *']],
    [['If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT']],
    [['A-IM: feed', 'If-None-Match: "x"']],
  ])('says to %j what the parser’s way says', async (lines) => {
    const socket = await dial();
    const short = await answerTo(socket, ask('/rss.xml', ...lines));
    expect(plain).toBe(1);
    const long = await answerTo(socket, ask('/rss.xml?long', ...lines));
    expect(plain).toBe(1);
    expect(short.status).toBe(long.status);
    expect(short.body).toBe(long.body);
    const sorted = ({ fields }: Answer): readonly string[] =>
      fields
        .map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase()))
        .filter((field) => !field.startsWith('date:'))
        .toSorted((a, b) => a.localeCompare(b));
    expect(sorted(short)).toEqual(sorted(long));
    expect(short.fields.some((field) => field.startsWith('Date: Fri, 20 Nov 2026 09:00:00 GMT'))).toBe(true);
    socket.destroy();
  });

  it('answers one after another on one connection, then hands it on for good', async () => {
    const socket = await dial();
    for (let count = 0; count < 5; count += 1)
      expect((await answerTo(socket, ask('/rss.xml'))).status).toContain('200');
    expect([plain, read]).toEqual([5, 1]);
    expect((await answerTo(socket, ask('/'))).body).toBe('front');
    expect((await answerTo(socket, ask('/rss.xml'))).status).toContain('200');
    expect(plain).toBe(5);
    socket.destroy();
  });

  it('counts each time it is asked in the same words, and turns away who asks too often', async () => {
    const socket = await dial();
    web.readings.length = 0;
    const text = ask('/rss.xml', 'User-Agent: loop/1', 'X-Forwarded-For: 203.0.113.9');
    const said: string[] = [];
    for (let times = 0; times < 33; times += 1) said.push((await answerTo(socket, text)).status.slice(9, 12));
    expect(said.filter((status) => status === '200')).toHaveLength(30);
    expect(said.slice(30)).toEqual(['429', '429', '429']);
    expect(web.readings.map(({ status }) => String(status))).toEqual(said);
    expect(new Set(web.readings.map(({ agent }) => agent))).toEqual(new Set(['loop/1']));
    expect([plain, read]).toEqual([33, 1]);
    socket.destroy();
  });

  it('answers other words by what they say', async () => {
    const socket = await dial();
    const { fields } = await answerTo(socket, ask('/rss.xml'));
    const [, etag] = /^etag: (.*)$/im.exec(fields.join('\n'))!;
    const other = `"${'x'.repeat(etag!.length - 2)}"`;
    for (const [tag, status] of [
      [etag, '304'],
      [other, '200'],
      [etag, '304'],
      [etag, '304'],
    ]) {
      expect((await answerTo(socket, ask('/rss.xml', `If-None-Match: ${tag}`))).status).toContain(status);
    }
    expect(plain).toBe(5);
    socket.destroy();
  });

  it('sends a document of any size whole', async () => {
    const socket = await dial();
    for (const size of [1, 100_000, 3_000_000]) {
      const rss = exampleFeeds(ENTRIES).rss.replace('</description>', `${'x'.repeat(size)}</description>`);
      await web.write('rss.xml', rss);
      // Once through the parser, it is on the shelf.
      await (await fetch(`${running.url}rss.xml?`)).text();
      expect((await answerTo(socket, ask('/rss.xml'))).body).toBe(Buffer.from(rss).toString('latin1'));
    }
    expect(plain).toBe(3);
    socket.destroy();
  });

  it('leaves to the parser what comes in pieces, and what comes together', async () => {
    const socket = await dial();
    const text = ask('/rss.xml', 'If-None-Match: *');
    socket.write(text.slice(0, 20));
    // Once another is answered, the first piece has been read.
    await (await fetch(running.url)).text();
    expect((await answerTo(socket, text.slice(20))).status).toContain('304');
    socket.destroy();
    const other = await dial();
    const closing = text.replace('Host', 'Connection: close\r\nHost');
    let said = '';
    other.setEncoding('latin1').on('data', (piece: string) => (said += piece));
    other.write(text + text + closing);
    await once(other, 'close');
    expect(said.match(/HTTP\/1\.1 304/g)).toHaveLength(3);
    expect(plain).toBe(0);
  });

  it.each([
    ['Transfer-Encoding: chunked', 'Content-Length: 3'],
    ['Transfer-Encoding : chunked', 'X: y'],
  ])('lets nothing past the parser: %s, %s', async (...lines) => {
    const socket = await dial();
    expect((await answerTo(socket, ask('/rss.xml', ...lines))).status).toContain('400');
    expect(plain).toBe(0);
    socket.destroy();
  });

  it('answers whoever has nothing more to say, and hangs up', async () => {
    const socket = await dial();
    socket.end(ask('/rss.xml'));
    expect((await readAnswer(socket)).status).toContain('200');
    await once(socket, 'close');
  });

  it('has what stands on the disk, from the next request on', async () => {
    const socket = await dial();
    await answerTo(socket, ask('/rss.xml'));
    await web.write('rss.xml', exampleFeeds(ENTRIES.slice(1)).rss.replace('Keeping', 'Changed'));
    expect((await answerTo(socket, ask('/rss.xml'))).body).toContain('Changed');
    socket.destroy();
  });

  it('closes with the server at once, connections that wait and all', async () => {
    const waiting = await dial();
    const asked = await dial();
    await answerTo(asked, ask('/rss.xml'));
    const closed = Promise.all([once(waiting, 'close'), once(asked, 'close')]);
    await running.close();
    await closed;
    expect(plain).toBe(1);
  });
});

describe('a connection through the hatch', () => {
  /** More than the system takes for a client that does not read. */
  const LARGE = Buffer.alloc(32 << 20, 'x');

  /** Asks for it of a server with these limits, and takes it once the server waited for that, if at all: how many bytes came until the end. */
  async function askForLarge(limits: HatchLimits, { isTaken }: { isTaken: boolean }): Promise<number> {
    const server = createServer();
    openHatch(server, () => () => [LARGE], limits);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [answering] = await accepted;
    let taken = 0;
    client.on('error', () => undefined);
    client.on('data', (piece: Buffer) => (taken += piece.length));
    client.write(ask('/large'));
    client.pause();
    if (isTaken) answering.once('timeout', () => client.resume());
    await once(answering, 'close');
    client.resume();
    if (!client.closed) await once(client, 'close');
    server.close();
    return taken;
  }

  it('ends when nothing is asked any more, also after an answer that took long', async () => {
    const limits = { headers: 60_000, idle: 100, silence: 60_000 };
    expect(await askForLarge(limits, { isTaken: true })).toBe(LARGE.length);
  });

  it('ends when its answer is not taken', async () => {
    const limits = { headers: 60_000, idle: 100, silence: 300 };
    expect(await askForLarge(limits, { isTaken: false })).toBeLessThan(LARGE.length);
  });
});
