/** Requests to strangers over real sockets: what is refused, what is pinned, what is bounded. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LookupAddress } from 'node:dns';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OutgoingRequest } from '../../src/domain/outgoing.ts';
import { openRequests, type RequestLimits } from '../../src/outside/open-requests.ts';
import { ANYWHERE, PUBLIC_ONLY } from '../../src/outside/place-rules.ts';

const LIMITS: RequestLimits = { rules: ANYWHERE, timeLimit: 10_000, userAgent: 'Renga/test' };
const STRICT: RequestLimits = { ...LIMITS, rules: PUBLIC_ONLY };

const get = (url: string, changes: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url,
  headers: {},
  body: null,
  redirects: 0,
  largestAnswer: 1000,
  ...changes,
});

type Seen = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly body: string };

async function openServer(
  answer: (request: Seen, response: ServerResponse) => void,
): Promise<{ readonly port: number; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: Buffer.concat(pieces).toString() };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

const namesOf =
  (...addresses: readonly string[]) =>
  async (): Promise<readonly LookupAddress[]> =>
    await Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

describe('a request', () => {
  it('carries method, headers and body, and answers with status and body', async () => {
    const { port, seen } = await openServer((_, response) => response.writeHead(202).end('thanks'));
    const answer = await openRequests(LIMITS)(
      get(`http://127.0.0.1:${port}/hub?a=b`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: 'ä',
      }),
    );
    expect(answer).toEqual({ kind: 'answered', status: 202, body: 'thanks' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/hub?a=b', body: 'ä' });
    expect(seen[0]?.headers).toMatchObject({ 'content-length': '2', 'user-agent': 'Renga/test' });
  });

  it('goes by name to an address that was resolved once', async () => {
    const { port, seen } = await openServer((_, response) => response.end());
    let asked = 0;
    const resolve = async (): Promise<readonly LookupAddress[]> => {
      asked += 1;
      return await namesOf(asked === 1 ? '127.0.0.1' : '192.0.2.1')();
    };
    const answer = await openRequests({ ...LIMITS, resolve })(get(`http://hub.example:${port}/`));
    expect(answer).toMatchObject({ kind: 'answered', status: 200 });
    expect(asked).toBe(1);
    expect(seen[0]?.headers.host).toBe(`hub.example:${port}`);
  });
});

describe('no request goes', () => {
  it.each([
    ['http://127.0.0.1:8080/', 'loopback'],
    ['http://[::1]/', 'loopback'],
    ['http://[::ffff:127.0.0.1]/', 'loopback'],
    ['http://2130706433/', 'loopback'],
    ['http://0x7f.1/', 'loopback'],
    ['http://0/', 'reserved'],
    ['http://10.0.0.1/', 'private'],
    ['http://169.254.169.254/latest/meta-data/', 'link-local'],
    ['http://[fd00::1]/', 'private'],
    ['http://[64:ff9b::7f00:1]/', 'loopback'],
    ['http://localhost/', 'loopback'],
    ['ftp://example.org/', 'only http and https'],
    ['file:///etc/passwd', 'only http and https'],
    ['http://ann:secret@example.org/', 'user or password'],
    ['http://example.org:25/', 'port 25'],
    ['http://example.org:6379/', 'port 6379'],
    ['/relative', 'no absolute URL'],
  ])('to %s', async (url, reason) => {
    const answer = await openRequests(STRICT)(get(url));
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('to a name of which any address is not public', async () => {
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['2606:4700::1', '::1']]) {
      const send = openRequests({ ...STRICT, resolve: namesOf(...addresses) });
      expect(await send(get('http://rebind.example/'))).toMatchObject({ kind: 'refused' });
    }
  });

  it.each([
    ['http://127.0.0.2:PORT/inside', 'loopback'],
    ['http://inside.example:PORT/', 'loopback'],
    ['ftp://127.0.0.1/', 'only http'],
    ['http://ann@127.0.0.1/', 'user'],
  ])('to where a redirect leads: %s', async (target, reason) => {
    const { port, seen } = await openServer(({ url }, response) =>
      response.writeHead(307, { Location: target.replace('PORT', String(port)) }).end(url),
    );
    // For this test 127.0.0.1 is a public server, and 127.0.0.2 is not.
    const rules = {
      allowsPort: () => true,
      refuse: (address: string) => (address === '127.0.0.2' ? 'loopback' : null),
    };
    const send = openRequests({ ...LIMITS, rules, resolve: namesOf('127.0.0.2') });
    const answer = await send(get(`http://127.0.0.1:${port}/`, { redirects: 3 }));
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(seen).toHaveLength(1);
  });
});

describe('a redirect', () => {
  it('is not followed unless that is wanted', async () => {
    const { port, seen } = await openServer((_, response) =>
      response.writeHead(307, { Location: '/elsewhere' }).end(),
    );
    expect(await openRequests(LIMITS)(get(`http://127.0.0.1:${port}/`))).toMatchObject({ status: 307 });
    expect(seen).toHaveLength(1);
  });

  it('that keeps the method is followed, with the body, and not for ever', async () => {
    const { port, seen } = await openServer(({ url }, response) => {
      if (url === '/end') response.end('here');
      else response.writeHead(308, { Location: url === '/round' ? '/round' : '/end' }).end();
    });
    const send = openRequests(LIMITS);
    const post = { method: 'POST', body: 'b', redirects: 3 } as const;
    expect(await send(get(`http://127.0.0.1:${port}/`, post))).toMatchObject({ status: 200, body: 'here' });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', body: 'b' });
    expect(await send(get(`http://127.0.0.1:${port}/round`, post))).toMatchObject({ status: 308 });
    expect(seen).toHaveLength(6);
  });

  it('that would make a POST a GET is an answer', async () => {
    const { port, seen } = await openServer((_, response) =>
      response.writeHead(303, { Location: '/' }).end(),
    );
    const post = { method: 'POST', body: 'b', redirects: 3 } as const;
    expect(await openRequests(LIMITS)(get(`http://127.0.0.1:${port}/`, post))).toMatchObject({ status: 303 });
    expect(seen).toHaveLength(1);
  });
});

describe('a bound', () => {
  it('is put to an answer without end', async () => {
    const { port } = await openServer((_, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', pour);
      pour();
    });
    const answer = await openRequests(LIMITS)(get(`http://127.0.0.1:${port}/`));
    expect(answer).toMatchObject({ kind: 'answered', body: 'x'.repeat(1000) });
  });

  it('is put to a server that says nothing, and to one that never ends its header', async () => {
    for (const words of ['', 'HTTP/1.1 200 OK\r\nX-Slow: ']) {
      const server = createRawServer((socket) => {
        socket.on('error', () => undefined);
        socket.write(words);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const { port } = server.address() as AddressInfo;
      const answer = await openRequests({ ...LIMITS, timeLimit: 100 })(get(`http://127.0.0.1:${port}/`));
      expect(answer).toEqual({ kind: 'failed', reason: 'it took too long' });
    }
  });

  it('is put to a resolver that does not answer', async () => {
    const resolve = async (): Promise<readonly LookupAddress[]> => await new Promise(() => undefined);
    const answer = await openRequests({ ...LIMITS, timeLimit: 50, resolve })(get('http://slow.example/'));
    expect(answer).toEqual({ kind: 'failed', reason: 'it took too long' });
  });

  it('is put by whoever stops', async () => {
    const { port } = await openServer(() => undefined);
    const stopping = new AbortController();
    const answer = openRequests(LIMITS)(get(`http://127.0.0.1:${port}/`), stopping.signal);
    stopping.abort();
    expect(await answer).toMatchObject({ kind: 'failed' });
    expect(await openRequests(LIMITS)(get(`http://127.0.0.1:${port}/`), AbortSignal.abort())).toMatchObject({
      kind: 'failed',
    });
  });
});

it('is not held by a server that takes the connection for another protocol', async () => {
  const server = createRawServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const answer = await openRequests(LIMITS)(get(`http://127.0.0.1:${port}/`));
  expect(answer).toEqual({ kind: 'failed', reason: 'it wanted to speak another protocol' });
});

it('tells of a server that is not there, and of one that speaks no HTTP', async () => {
  const mail = createRawServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('220 mail.example ESMTP\r\n');
  });
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void mail.close());
  const { port } = mail.address() as AddressInfo;
  const send = openRequests(LIMITS);
  expect(await send(get(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'failed' });
  const gone = createRawServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port: closed } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  expect(await send(get(`http://127.0.0.1:${closed}/`))).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('ECONNREFUSED'),
  });
});
