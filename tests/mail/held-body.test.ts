import net, { type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { HeldBody } from '../../src/mail/held-body.ts';

const open: { destroy(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.destroy();
});

/** Two ends of one connection; the far end reads nothing until it is resumed. */
async function openPair(): Promise<{ near: Socket; far: Socket }> {
  const server = net.createServer({ pauseOnConnect: true });
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const near = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const far = await accepted;
  server.close();
  open.push(near, far);
  return { near, far };
}

function hold(bytes: Uint8Array, near: Socket): { body: HeldBody; held: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const body = new HeldBody(bytes, resolve);
  const sink = new PassThrough();
  sink.pipe(near, { end: false });
  body.pipe(sink);
  return { body, held: promise };
}

describe('HeldBody', () => {
  it('ends only when it is released', async () => {
    const { near, far } = await openPair();
    const { body, held } = hold(Buffer.from('hello'), near);
    far.resume();
    await held;
    await body.flush(near);
    expect(body.readableEnded).toBe(false);
    const ended = new Promise((resolve) => body.once('end', resolve));
    body.release();
    await ended;
  });

  it('is flushed when nothing of it is left in this program', async () => {
    const { near, far } = await openPair();
    near.write(Buffer.alloc(30_000_000));
    const { body, held } = hold(Buffer.alloc(40_000, 'x'), near);
    await held;
    expect(near.writableLength).toBeGreaterThan(0);
    const flushed = body.flush(near);
    far.resume();
    await flushed;
    expect([body.readableLength, near.writableLength]).toEqual([0, 0]);
    expect(near.bytesWritten).toBe(30_040_000);
  });

  it('waits no longer for a connection that is gone', async () => {
    const { near } = await openPair();
    near.on('error', () => undefined).write(Buffer.alloc(30_000_000));
    const { body, held } = hold(Buffer.alloc(40_000, 'x'), near);
    await held;
    const flushed = body.flush(near);
    near.destroy();
    await flushed;
    expect(body.readableEnded).toBe(false);
  });
});
