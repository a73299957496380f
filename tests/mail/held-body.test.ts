/** The body waits for its mark: all of it has left but the end, and the end does not leave by itself. */
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

function hold(text: string | Buffer, near: Socket): { body: HeldBody; asked: () => number } {
  let asked = 0;
  const body = new HeldBody([Buffer.from(text)], () => {
    asked += 1;
  });
  const sink = new PassThrough();
  sink.pipe(near, { end: false });
  // What the connection adds to a stream that gave it nothing.
  sink.once('finish', () => near.write('.\r\n'));
  expect(asked).toBe(0);
  body.pipe(sink);
  return { body, asked: () => asked };
}

/** Everything that arrives until `end` does. */
async function readUntil(far: Socket, end: string): Promise<string> {
  let text = '';
  for await (const chunk of far) {
    text += String(chunk);
    if (text.endsWith(end)) break;
  }
  return text;
}

describe('HeldBody', () => {
  it('sends all but the end, dots doubled, and ends only when it is released', async () => {
    const { near, far } = await openPair();
    const { body, asked } = hold('.hello\r\n.\r\nbye\r\n', near);
    expect([asked(), body.isRead]).toEqual([1, true]);
    expect(await body.send(near)).toBe(true);
    expect(near.bytesWritten).toBe('..hello\r\n..\r\nbye\r\n'.length);
    body.release();
    expect(await readUntil(far, '\r\n.\r\n')).toBe('..hello\r\n..\r\nbye\r\n.\r\n');
  });

  it('is not read before the connection asks', () => {
    expect(new HeldBody([Buffer.from('hello\r\n')], () => undefined).isRead).toBe(false);
  });

  it('is sent when nothing of it is left in this program', async () => {
    const { near, far } = await openPair();
    near.write(Buffer.alloc(30_000_000));
    const { body } = hold(`${'x'.repeat(40_000)}\r\n`, near);
    const sent = body.send(near);
    expect(near.writableLength).toBeGreaterThan(0);
    far.resume();
    expect(await sent).toBe(true);
    expect(near.writableLength).toBe(0);
    expect(near.bytesWritten).toBe(30_040_002);
  });

  it('waits no longer for a connection that is gone', async () => {
    const { near } = await openPair();
    near.on('error', () => undefined).write(Buffer.alloc(30_000_000));
    const { body } = hold(`${'x'.repeat(40_000)}\r\n`, near);
    const sent = body.send(near);
    near.destroy();
    expect(await sent).toBe(false);
  });
});
