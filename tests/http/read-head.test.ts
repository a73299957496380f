/** Only what cannot be taken for two things is read here; the rest is Node's. */
import { assert, constantFrom, property, array, string } from 'fast-check';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readHead } from '../../src/http/read-head.ts';

const read = (text: string): ReturnType<typeof readHead> => readHead(text);
const head = (...lines: readonly string[]): string =>
  ['GET /rss.xml HTTP/1.1', 'Host: example.org', ...lines, '', ''].join('\r\n');

describe('a plain request', () => {
  it('is read with its path and fields', () => {
    const request = read(
      head('User-Agent: a (b; 3 subscribers)', 'If-None-Match:"x" ', 'Accept:', 'Connection: Keep-Alive'),
    )!;
    expect(request.path).toBe('/rss.xml');
    expect(['user-agent', 'if-none-match', 'accept', 'a-im'].map(request.fields.get)).toEqual([
      'a (b; 3 subscribers)',
      '"x"',
      '',
      null,
    ]);
  });
});

describe('left to Node is a request', () => {
  it.each([
    ['with a body', head('Content-Length: 5')],
    ['with an empty body', head('Content-Length: 0')],
    ['in chunks', head('Transfer-Encoding: chunked')],
    ['that hides that', head('Transfer-Encoding : chunked')],
    ['with a fold', head('X: a', ' Transfer-Encoding: chunked')],
    ['with a bare line feed', head('X: a\nTransfer-Encoding: chunked')],
    ['with a bare carriage return', head('X: a\rb')],
    ['with a NUL', head('X: a\0b')],
    ['with bytes above ASCII', head('X: \xe4')],
    ['with two of one field', head('If-None-Match: "a"', 'If-None-Match: "b"')],
    ['with two hosts', head('Host: example.com')],
    ['that upgrades', head('Upgrade: h2c')],
    ['that expects', head('Expect: 100-continue')],
    ['that closes', head('Connection: close')],
    ['that names fields as of one hop', head('Connection: keep-alive, if-none-match')],
    ['for a part', head('Range: bytes=0-1')],
    ['without a name', head(': a')],
    ['with very many fields', head(...Array.from({ length: 40 }, (_, at) => `X-${at}: a`))],
    ['with an empty line before it', `\r\n${head()}`],
    ['with another after it', head() + head()],
    ['with anything after it', `${head()}x`],
    ['that is not whole', head().slice(0, -2)],
    ['without a host', 'GET /rss.xml HTTP/1.1\r\nA: b\r\n\r\n'],
    ['with a host that is none', 'GET /rss.xml HTTP/1.1\r\nHost: a/b@c\r\n\r\n'],
    ['of HTTP/1.0', head().replace('1.1', '1.0')],
    ['of another method', head().replace('GET', 'HEAD')],
    ['with a query', head().replace('.xml', '.xml?a')],
    ['with an escape', head().replace('rss', '%72ss')],
    ['that climbs', head().replace('/rss', '/../rss')],
    ['of a hidden file', head().replace('/rss', '/.rss')],
    ['with a backslash', head().replace('/rss', '\\rss')],
    ['to another server', head().replace('/rss', 'http://example.com/rss')],
    ['that is large', head(`X: ${'a'.repeat(9000)}`)],
  ])('%s', (_, text) => {
    expect(read(text)).toBeNull();
  });
});

it.each([
  'Content-Length: 0',
  'Transfer-Encoding: identity',
  'Trailer: X',
  'TE: trailers',
  'Expect: 100-continue',
  'Upgrade: websocket',
  'HTTP2-Settings: AAMAAABkAAQAAP__',
  'Proxy-Connection: keep-alive',
  'Range: bytes=0-1',
  'If-Range: "x"',
  'If-Match: "x"',
  'If-Unmodified-Since: Fri, 01 Jan 2100 00:00:00 GMT',
])('%s is left to Node, in any case of its letters', (line) => {
  const [name = '', value = ''] = line.split(': ');
  for (const spelt of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(read(head(`${spelt}: ${value}`))).toBeNull();
    expect(read(head(`X-${spelt}: ${value}`))).not.toBeNull();
  }
});

describe('whatever is read here', () => {
  it('Node reads the same, and as one request', async () => {
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const piece = constantFrom(
      'a',
      'B-c',
      ':',
      ' ',
      '\t',
      '\r\n',
      '"x"',
      ',',
      'Host: b',
      'Accept: c',
      '\n',
      'Content-Length: 1',
      '\x7f',
      '\xff',
    );
    const heads = new Set<string>();
    assert(
      property(array(piece, { maxLength: 9 }), string({ maxLength: 3 }), (pieces, noise) => {
        const text = head(pieces.join('') + noise, 'X-Last: 1');
        if (read(text)) heads.add(text);
        return true;
      }),
      { numRuns: 20_000 },
    );
    expect(heads.size).toBeGreaterThan(30);
    for (const text of [...heads].slice(0, 300)) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(Buffer.from(text, 'latin1'));
      const [request] = (await once(server, 'request')) as [IncomingMessage];
      const ours = read(text)!;
      expect(request.url).toBe(ours.path);
      for (const [name, value] of Object.entries(request.headers))
        expect([name, ours.fields.get(name)]).toEqual([name, value]);
      socket.destroy();
    }
    server.close();
  });
});
