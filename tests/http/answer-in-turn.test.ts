/** Several requests in one go: one after the other, in their order, and none for a client that takes no answer. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveWeb } from '../../src/http/serve-web.ts';

type Answering = { readonly url: string; readonly asked: readonly string[]; readonly answer: () => void };

/** A server that answers a request only when it is told to. */
async function open(body: string): Promise<Answering> {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
    return new Response(`${pathname}: ${body}`);
  };
  const web = await serveWeb({ fetch }, { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    for (const resolve of waiting.splice(0)) resolve();
    await web.close();
  });
  return { url: web.url, asked, answer: () => waiting.shift()?.() };
}

async function send(url: string, paths: readonly string[]): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  const last = paths.length - 1;
  const heads = paths.map(
    (path, index) =>
      `GET ${path} HTTP/1.1\r\nHost: a\r\n${index === last ? 'Connection: close\r\n' : ''}\r\n`,
  );
  socket.write(heads.join(''));
  return socket;
}

describe('requests of one connection', () => {
  it('are taken one after the other, and all are answered', async () => {
    const { url, asked, answer } = await open('here');
    const socket = await send(url, ['/a', '/b', '/c']);
    const answers = text(socket);
    for (const so of [['/a'], ['/a', '/b'], ['/a', '/b', '/c']]) {
      await expect.poll(() => asked).toEqual(so);
      answer();
    }
    const bodies = (await answers).match(/\/[abc]: here/g);
    expect(bodies).toEqual(['/a: here', '/b: here', '/c: here']);
  });

  it('do not wait for those of another', async () => {
    const { url, asked } = await open('here');
    await send(url, ['/a', '/b']);
    await expect.poll(() => asked).toEqual(['/a']);
    await send(url, ['/c']);
    await expect.poll(() => asked).toEqual(['/a', '/c']);
  });

  it('are not taken up any more once it is gone', async () => {
    const { url, asked, answer } = await open('here');
    const socket = await send(url, ['/a', '/b']);
    await expect.poll(() => asked).toEqual(['/a']);
    socket.destroy();
    await once(socket, 'close');
    answer();
    await send(url, ['/c']);
    await expect.poll(() => asked).toEqual(['/a', '/c']);
  });

  it('are cut off where they are too many', async () => {
    const { url, asked } = await open('here');
    const socket = await send(url, Array<string>(1200).fill('/a'));
    expect(await text(socket).catch(() => '')).toBe('');
    expect(asked).toEqual(['/a']);
  });

  it('cost a client that takes no answer one answer', async () => {
    const { url, asked, answer } = await open('x'.repeat(20_000_000));
    const socket = await send(url, ['/a', '/b', '/c', '/d']);
    socket.pause();
    await expect.poll(() => asked).toEqual(['/a']);
    answer();
    await send(url, ['/e']);
    await expect.poll(() => asked).toEqual(['/a', '/e']);
  });
});
