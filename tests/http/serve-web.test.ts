/** The app on a real socket: odd requests, slow clients, taken ports, and an end that cuts nobody short. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { type RunningWeb, serveWeb, type WebLimits } from '../../src/http/serve-web.ts';
import type { WebEnv } from '../../src/http/web-env.ts';
import { type ExampleWeb, openExampleWeb } from './example-web.ts';

const HERE = { host: '127.0.0.1', port: 0 };
const PATIENT: WebLimits = {
  headers: 60_000,
  request: 60_000,
  silence: 60_000,
  drain: 60_000,
  connections: 100,
};
const IMPATIENT: WebLimits = { headers: 100, request: 200, silence: 60_000, drain: 5000, connections: 100 };

let web: ExampleWeb;
let running: RunningWeb | null = null;
beforeEach(async () => {
  web = await openExampleWeb();
});
afterEach(async () => {
  await running?.close();
  running = null;
  await web.close();
});

async function listen(limits?: WebLimits): Promise<string> {
  running = await serveWeb(web.app, HERE, limits);
  return running.url;
}

async function dial(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are and waits for everything until the server hangs up. */
async function exchange(url: string, bytes: string): Promise<string> {
  const socket = await dial(url);
  socket.write(bytes);
  return await text(socket);
}

describe('on a socket', () => {
  it('closes a connection too many, and takes one again when another has ended', async () => {
    const url = await listen({ ...PATIENT, connections: 2 });
    const [first] = await Promise.all([dial(url), dial(url)]);
    const ask = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect(await exchange(url, ask).catch(() => '')).toBe('');
    first.destroy();
    // The server hears of the end a moment later.
    await expect.poll(async () => await exchange(url, ask).catch(() => '')).toContain('200 OK');
  });

  it('answers, also with a large file that its client stops wanting', async () => {
    await web.write('large.bin', new Uint8Array(20_000_000));
    const url = await listen();
    expect(await (await fetch(`${url}healthz`)).text()).toBe('ok');
    expect((await (await fetch(`${url}large.bin`)).bytes()).length).toBe(20_000_000);
    const unwanted = await dial(url);
    unwanted.write('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(unwanted, 'data');
    unwanted.destroy();
    const head = await fetch(`${url}large.bin`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('20000000');
    await running?.close();
    expect(web.reported).toEqual([]);
  });

  it.each([
    ['GET /../renga.sqlite HTTP/1.1', 404],
    ['GET /%2e%2e/renga.sqlite HTTP/1.1', 404],
    ['GET /..%2f..%2frenga.sqlite HTTP/1.1', 404],
    ['GET /..\\renga.sqlite HTTP/1.1', 400],
    ['GET //etc/passwd HTTP/1.1', 404],
    ['GET http://evil.example/index.html HTTP/1.1', 404],
    ['GET *  HTTP/1.1', 400],
    ['TRACE / HTTP/1.1', 405],
    ['OPTIONS * HTTP/1.1', 400],
    ['BREW / HTTP/1.1', 400],
    [`GET /${'a'.repeat(20_000)} HTTP/1.1`, 431],
  ])('%s gives %d', async (line, status) => {
    const answer = await exchange(await listen(), `${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toContain('SQLite');
  });

  it('takes one request for one', async () => {
    const url = await listen();
    const smuggled = await exchange(
      url,
      `POST /unsubscribe/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST /unsubscribe/${web.token} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(smuggled.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(smuggled).toMatch(/^HTTP\/1\.1 400 /);
    expect((await web.store.subscribers.byId(web.subscriber))?.state).toBe('active');
  });

  it('ends a subscription for a mail program', async () => {
    const url = await listen();
    const body = 'List-Unsubscribe=One-Click';
    const response = await fetch(`${url}unsubscribe/${web.token}`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect([response.status, await response.text()]).toEqual([200, 'Unsubscribed.\n']);
    expect((await web.store.subscribers.byId(web.subscriber))?.state).toBe('unsubscribed');
  });

  it('refuses a large body without waiting for its end', async () => {
    const socket = await dial(await listen());
    socket.write(
      `POST /unsubscribe/${web.token} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n`,
    );
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    expect((await web.store.subscribers.byId(web.subscriber))?.state).toBe('active');
  });
});

describe('a client too slow', () => {
  it('with its header is hung up on', async () => {
    const answer = await exchange(await listen(IMPATIENT), 'GET / HTTP/1.1\r\nHost: loc');
    expect(answer).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  it('with its body is hung up on, and nothing came of it', async () => {
    const url = await listen(IMPATIENT);
    const head = `POST /unsubscribe/${web.token} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26\r\n`;
    await exchange(url, `${head}Content-Type: application/x-www-form-urlencoded\r\n\r\nList-Unsub`);
    expect((await web.store.subscribers.byId(web.subscriber))?.state).toBe('active');
    expect(web.reported).toEqual([]);
  });
});

describe('a place that cannot be had', () => {
  it('because it is taken is said with what to do', async () => {
    const url = await listen();
    const port = Number(new URL(url).port);
    const failure = await serveWeb(web.app, { host: '127.0.0.1', port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OperatorError);
    expect((failure as OperatorError).message).toBe(
      `127.0.0.1:${port} is taken: another program listens there.`,
    );
    expect((failure as OperatorError).hint).toContain('--port');
  });

  it('because it is no address here is said too', async () => {
    const failure = await serveWeb(web.app, { host: '203.0.113.7', port: 0 }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(OperatorError);
    expect((failure as OperatorError).message).toContain('203.0.113.7:0');
  });
});

describe('closing', () => {
  it('finishes what is in flight, and waits for nobody who asks nothing', async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const app = new Hono<WebEnv>().get('/slow', async (context) => {
      asked.resolve();
      await go.promise;
      return context.text('done');
    });
    const server = await serveWeb(app, HERE, PATIENT);
    const silent = await dial(server.url);
    const halting = await dial(server.url);
    halting.write('GET /slow HT');
    const kept = await dial(server.url);
    kept.write('GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(kept, 'data');
    const slow = await dial(server.url);
    slow.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked.promise;

    const hungUp = [silent, halting, kept].map(async (socket) => await once(socket, 'close'));
    for (const socket of [silent, halting, kept]) socket.resume();
    const closing = server.close();
    await Promise.all(hungUp);
    await expect(fetch(`${server.url}slow`)).rejects.toThrow('fetch failed');
    go.resolve();
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 200 [\s\S]*done$/);
    await closing;
    await server.close();
  });

  it('cuts off who never finishes, in the end', async () => {
    const asked = Promise.withResolvers<void>();
    const app = new Hono<WebEnv>().get('/never', async () => {
      asked.resolve();
      return await new Promise<Response>(() => undefined);
    });
    const server = await serveWeb(app, HERE, { ...IMPATIENT, drain: 50 });
    const socket = await dial(server.url);
    socket.write('GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked.promise;
    const hungUp = once(socket, 'close');
    await server.close();
    expect(await hungUp).toEqual([false]);
  });

  it('cuts off who does not take an answer that came through the hatch', async () => {
    const answered = Promise.withResolvers<void>();
    const answerPlain = () => () => {
      answered.resolve();
      return [Buffer.alloc(32 << 20)];
    };
    const server = await serveWeb({ fetch: web.app.fetch, answerPlain }, HERE, { ...PATIENT, drain: 50 });
    const socket = await dial(server.url);
    let taken = 0;
    socket.on('error', () => undefined).on('data', (piece: Buffer) => (taken += piece.length));
    socket.pause().write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await answered.promise;
    await server.close();
    socket.resume();
    if (!socket.closed) await once(socket, 'close');
    expect(taken).toBeLessThan(32 << 20);
  });
});
