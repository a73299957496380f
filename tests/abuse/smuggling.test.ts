/** Requests that two readers of HTTP take for two things: none of them comes to mean something here, and the hatch before Node's parser never reads another thing than it. */
import { array, assert, asyncProperty, constantFrom, integer, pre } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRequest, exchange, openTarget, type RawAnswer, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => await target.close());

const ONE_CLICK = 'List-Unsubscribe=One-Click';

/** What a smuggler wants to have done in somebody else's name. */
const leave = (): string =>
  composeRequest(
    `POST ${target.links.unsubscribe}`,
    ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${ONE_CLICK.length}`],
    ONE_CLICK,
  );

/** Each is a request whose end is in doubt; what is smuggled comes behind it. */
const DOUBTFUL: readonly (readonly [string, (hidden: string) => string])[] = [
  [
    'a length and chunks',
    (hidden) => post(['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`),
  ],
  [
    'chunks and a length',
    (hidden) =>
      post(['Transfer-Encoding: chunked', `Content-Length: ${hidden.length + 5}`], `0\r\n\r\n${hidden}`),
  ],
  ['two lengths', (hidden) => post([`Content-Length: 0`, `Content-Length: ${hidden.length}`], hidden)],
  ['two equal lengths', (hidden) => post(['Content-Length: 0', 'Content-Length: 0'], hidden)],
  ['a list of lengths', (hidden) => post([`Content-Length: 0, ${hidden.length}`], hidden)],
  ['a signed length', (hidden) => post(['Content-Length: +0'], hidden)],
  ['a negative length', (hidden) => post(['Content-Length: -1'], hidden)],
  ['a length in hex', (hidden) => post(['Content-Length: 0x0'], hidden)],
  ['a length that overflows', (hidden) => post(['Content-Length: 18446744073709551616'], hidden)],
  ['a space before the colon of a length', (hidden) => post([`Content-Length : ${hidden.length}`], hidden)],
  [
    'a space before the colon of chunks',
    (hidden) => post(['Transfer-Encoding : chunked'], `0\r\n\r\n${hidden}`),
  ],
  ['an unknown coding', (hidden) => post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${hidden}`)],
  ['chunks not last', (hidden) => post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hidden}`)],
  [
    'chunks twice',
    (hidden) => post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${hidden}`),
  ],
  [
    'chunks behind a tab',
    (hidden) => post(['Transfer-Encoding:\tchunked', 'Content-Length: 5'], `0\r\n\r\n${hidden}`),
  ],
  [
    'chunks behind a control character',
    (hidden) => post(['Transfer-Encoding: \x0bchunked'], `0\r\n\r\n${hidden}`),
  ],
  ['a folded field', (hidden) => post(['X: a', ' Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`)],
  ['a folded length', (hidden) => post(['Content-Length:', ' 0'], hidden)],
  [
    'a fold in the first field',
    (hidden) => `POST / HTTP/1.1\r\n Content-Length: 0\r\nHost: a\r\n\r\n${hidden}`,
  ],
  ['a bare line feed before a length', (hidden) => post([`X: a\nContent-Length: ${hidden.length}`], hidden)],
  ['a bare carriage return', (hidden) => post([`X: a\rContent-Length: ${hidden.length}`], hidden)],
  ['line feeds only', (hidden) => `POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n${hidden}`],
  ['a NUL in a name', (hidden) => post(['Content-\0Length: 0'], hidden)],
  ['a chunk without a size', (hidden) => post(['Transfer-Encoding: chunked'], `\r\n\r\n${hidden}`)],
  ['a chunk size in disguise', (hidden) => post(['Transfer-Encoding: chunked'], `0x0\r\n\r\n${hidden}`)],
  [
    'a chunk size that is too large',
    (hidden) => post(['Transfer-Encoding: chunked'], `fffffffffffffffff\r\n${hidden}`),
  ],
  [
    'a chunk longer than its size',
    (hidden) => post(['Transfer-Encoding: chunked'], `1\r\nabc\r\n0\r\n\r\n${hidden}`),
  ],
  [
    'a chunk extension with a line feed',
    (hidden) => post(['Transfer-Encoding: chunked'], `0;a\nb\r\n\r\n${hidden}`),
  ],
  [
    'a line feed after a chunk',
    (hidden) => post(['Transfer-Encoding: chunked'], `1\r\na\n0\r\n\r\n${hidden}`),
  ],
  [
    'a length behind the chunks',
    (hidden) =>
      post(
        ['Transfer-Encoding: chunked', 'Trailer: Content-Length'],
        `0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
      ),
  ],
  ['another protocol', (hidden) => post(['Content-Length: 0'], hidden).replace('HTTP/1.1', 'HTTP/1.2')],
];

function post(lines: readonly string[], body: string): string {
  return composeRequest(
    'POST /subscribe',
    ['Content-Type: application/x-www-form-urlencoded', ...lines],
    body,
  );
}

describe('a request whose end is in doubt', () => {
  it.each(DOUBTFUL)('is refused with what follows it: %s', async (_, compose) => {
    const before = target.look();
    const answers = await exchange(target.running.port, compose(leave()));
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(target.look()).toEqual(before);
  });

  it.each(DOUBTFUL)('is refused behind a feed that the hatch has answered: %s', async (_, compose) => {
    const before = target.look();
    const feed = composeRequest('GET /rss.xml');
    for (const pieces of [[feed, compose(leave())], [feed + compose(leave())]]) {
      const answers = await exchange(target.running.port, pieces);
      // What was asked for in the same breath as nonsense may go unanswered; it is never answered by another thing.
      expect(answers.map(({ status }) => status).join(' ')).toMatch(/^(?:200 )?400$/);
    }
    expect(target.look()).toEqual(before);
  });
});

describe('a request that brings more than it may', () => {
  it.each([
    [
      'a GET with a body',
      (hidden: string) => composeRequest('GET /rss.xml', [`Content-Length: ${hidden.length}`], hidden),
      [200],
    ],
    [
      'a GET with a body in chunks',
      (hidden: string) =>
        composeRequest(
          'GET /rss.xml',
          ['Transfer-Encoding: chunked'],
          `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
        ),
      [200],
    ],
    [
      'a body behind an Expect',
      (hidden: string) =>
        composeRequest('GET /rss.xml', ['Expect: 100-continue', `Content-Length: ${hidden.length}`], hidden),
      [100, 200],
    ],
    [
      'an upgrade',
      (hidden: string) =>
        composeRequest(
          'GET /rss.xml',
          ['Connection: Upgrade', 'Upgrade: h2c', `Content-Length: ${hidden.length}`],
          hidden,
        ),
      [200],
    ],
    [
      'a chunk extension',
      (hidden: string) =>
        composeRequest(
          'GET /rss.xml',
          ['Transfer-Encoding: chunked'],
          `${hidden.length.toString(16)};a="b\\"c"\r\n${hidden}\r\n0\r\n\r\n`,
        ),
      [200],
    ],
  ])('has it taken for its body and nothing else: %s', async (_, compose, statuses) => {
    const before = target.look();
    for (const server of [target.running, target.unhatched]) {
      const answers = await exchange(server.port, compose(leave()));
      expect(answers.map(({ status }) => status)).toEqual(statuses);
    }
    expect(target.look()).toEqual(before);
  });
});

/** Whether it was nonsense in the end. */
function isRefused(answers: readonly RawAnswer[]): boolean {
  return [400, 431].includes(answers.at(-1)?.status ?? 0);
}

/** Node answers nonsense at once, and lets go of what it has not yet said to requests before it: so much one of the two may lack, and nothing more. */
function agree(one: readonly RawAnswer[], other: readonly RawAnswer[]): void {
  const [mine, theirs] = [one, other].map((answers) =>
    isRefused(answers) ? answers.slice(0, -1) : answers,
  ) as [readonly RawAnswer[], readonly RawAnswer[]];
  const least = Math.min(mine.length, theirs.length);
  expect(mine.slice(0, least)).toEqual(theirs.slice(0, least));
}

describe('the hatch', () => {
  const FIELDS = [
    'Accept-Encoding: gzip',
    'If-None-Match: *',
    'A-IM: feed',
    'Connection: close',
    'Connection: keep-alive',
    'Connection: Keep-Alive, if-none-match',
    'Content-Length: 0',
    'Content-Length: 5',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding : chunked',
    'Transfer_Encoding: chunked',
    'Expect: 100-continue',
    'Host: b',
    'host:b',
    'X:',
    'X: a\tb',
    'X: \xe4',
    ' folded',
    '\tfolded',
    'X: a\nY: b',
    'X: a\rY: b',
    'X: \0',
    ': empty',
    'noColon',
    '',
    'X: "',
    'Range: bytes=0-1',
    'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT',
    'If-Modified-Since: nonsense',
    'X-HTTP-Method-Override: POST',
    'Upgrade: websocket',
    'TE: trailers',
    'Cookie: a=b',
    `X: ${'a'.repeat(9000)}`,
    `X: ${'a'.repeat(17_000)}`,
  ];
  const TARGETS = [
    '/rss.xml',
    '/rss.xml',
    '/rss.xml',
    '//rss.xml',
    '/./rss.xml',
    '/a/../rss.xml',
    '/%72ss.xml',
    '/rss.xml?',
    '/rss.xml?a=b',
    '/rss.xml#a',
    '/rss.xml/',
    '/RSS.xml',
    '/rss.xml%00',
    '/rss.xml;a',
    '\\rss.xml',
    'http://mail.example.org/rss.xml',
    'http://evil.example/rss.xml',
    '*',
    '/',
    '/nowhere',
    '/healthz',
  ];
  const METHODS = ['GET', 'GET', 'GET', 'GET', 'HEADX', 'get', 'GET ', ' GET', 'POST'];
  const VERSIONS = [
    'HTTP/1.1',
    'HTTP/1.1',
    'HTTP/1.1',
    'HTTP/1.0',
    'HTTP/0.9',
    'HTTP/2.0',
    'http/1.1',
    'HTTP/1.1 ',
  ];
  const request = array(constantFrom(...FIELDS), { maxLength: 3 }).chain((fields) =>
    constantFrom(...TARGETS).chain((path) =>
      constantFrom(...METHODS).chain((method) =>
        constantFrom(...VERSIONS).chain((version) =>
          constantFrom('\r\n', '\r\n', '\r\n', '\n').map((line) =>
            [`${method} ${path} ${version}`, 'Host: mail.example.org', ...fields, '', ''].join(line),
          ),
        ),
      ),
    ),
  );

  it.each(FIELDS.filter((field) => !field.includes('close')))(
    'takes a request with this field for what Node’s parser takes it: %j',
    async (field) => {
      const text = composeRequest('GET /rss.xml', [field]);
      expect(await exchange(target.running.port, text)).toEqual(await exchange(target.unhatched.port, text));
    },
  );

  it('answers what Node’s parser would have answered', async () => {
    await assert(
      asyncProperty(request, async (text) => {
        // A connection that closes by itself may or may not see the question after it as nonsense.
        pre(text.includes(' HTTP/1.1') && !text.includes('Connection: close'));
        const mine = await exchange(target.running.port, text);
        const theirs = await exchange(target.unhatched.port, text);
        agree(mine, theirs);
        // Only before nonsense may an answer be missing, and what is nonsense to one is so to the other.
        expect(isRefused(mine)).toBe(isRefused(theirs));
        expect(isRefused(mine) || mine.length === theirs.length).toBe(true);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('answers nothing else than Node’s parser would have, however requests are made, joined and cut', async () => {
    await assert(
      asyncProperty(
        array(request, { minLength: 1, maxLength: 4 }),
        array(integer({ min: 0, max: 400 }), { maxLength: 3 }),
        async (requests, cuts) => {
          const text = requests.join('');
          const places = [
            0,
            ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b),
            text.length,
          ];
          const pieces = places
            .slice(1)
            .map((end, index) => text.slice(places[index], end))
            .filter((piece) => piece !== '');
          // Each request by itself, which is what the hatch is for, and cut anywhere.
          for (const sent of [requests, pieces]) {
            agree(await exchange(target.running.port, sent), await exchange(target.unhatched.port, text));
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);
});
