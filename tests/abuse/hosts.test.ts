/** Names that a request claims for us, and addresses it wants to be led to: nothing that is answered follows them, and nothing leads to another site. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRequest, exchange, LINK_KINDS, openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
  await target.web.write('old/index.html', 'page');
});
afterAll(async () => await target.close());

const CLAIMS = [
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-Server: evil.example',
  'X-Host: evil.example',
  'X-HTTP-Host-Override: evil.example',
  'X-Forwarded-Proto: javascript',
  'X-Forwarded-Scheme: http',
  'X-Forwarded-Port: 666',
  'X-Forwarded-Prefix: //evil.example/',
  'X-Original-URL: /evil',
  'X-Rewrite-URL: /evil',
  'X-Original-Host: evil.example',
  'Forwarded: for=1.2.3.4;host=evil.example;proto=https',
  'Origin: https://evil.example',
  'Referer: https://evil.example/x',
  'X-Wap-Profile: https://evil.example',
  'Via: 1.1 evil.example',
  'X-HTTP-Method-Override: POST',
  'X-Method-Override: DELETE',
  'Cookie: session=evil',
  'Front-End-Https: on',
  'Destination: https://evil.example',
];

/** Every address that makes links, or leads on. */
const addresses = (): readonly string[] => [
  '/',
  '/old',
  '/old/',
  '/nowhere',
  '/subscribe',
  '/subscribe/',
  '/rss.xml',
  '/rss.xml?hatch=not',
  '/healthz',
  '/confirm/x',
  '/undo/x',
  '/unsubscribe/x',
  ...LINK_KINDS.map((kind) => target.links[kind]),
];

const ask = async (host: string, path: string, lines: readonly string[] = [], method = 'GET') =>
  await exchange(
    target.running.port,
    [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...lines, '', ''].join('\r\n'),
    { isHead: method === 'HEAD' },
  );

const withoutToken = (text: string): string => text.replace(/"token":"[^"]*"/, '');

describe('what a request claims', () => {
  it.each(CLAIMS)('changes no answer: %s', async (claim) => {
    const before = target.look();
    for (const path of addresses()) {
      const [plain] = await ask('mail.example.org', path);
      const [claimed] = await ask('mail.example.org', path, [claim]);
      expect({ ...claimed, body: withoutToken(claimed!.body) }).toEqual({
        ...plain,
        body: withoutToken(plain!.body),
      });
    }
    expect(target.look()).toEqual(before);
  });

  it.each(['evil.example', 'evil.example:666', 'MAIL.EXAMPLE.ORG', '127.0.0.1', '[::1]', 'localhost', 'a.b'])(
    'as its host changes no answer: %s',
    async (host) => {
      for (const path of addresses()) {
        const [plain] = await ask('mail.example.org', path);
        const [claimed] = await ask(host, path);
        expect({ ...claimed, body: withoutToken(claimed!.body) }).toEqual({
          ...plain,
          body: withoutToken(plain!.body),
        });
      }
    },
  );

  it.each([
    'evil.example/',
    'a@evil.example',
    'evil.example?',
    'evil.example#',
    'a b',
    'evil.example\\',
    '%65vil',
    '[::1',
    'evil.example:port',
  ])('as its host is refused when it is none: %j', async (host) => {
    for (const path of ['/', '/old', '/subscribe', '/nowhere']) {
      const [answer] = await ask(host, path);
      expect([path, answer?.status]).toEqual([path, 400]);
      expect(JSON.stringify(answer)).not.toMatch(/evil|location/);
    }
  });

  it('is refused with two hosts, whichever comes first, and the connection with it', async () => {
    for (const [one, other] of [
      ['mail.example.org', 'evil.example'],
      ['evil.example', 'mail.example.org'],
      ['a.b', 'a.b'],
    ] as const) {
      for (const path of ['/', '/rss.xml', '/subscribe', target.links.unsubscribe]) {
        const answers = await ask(one, path, [`host: ${other}`]);
        expect(answers.map(({ status }) => status)).toEqual([400]);
        expect(answers[0]!.fields).toContain('connection: close');
      }
    }
  });

  it('may name another server than the line before it, and is answered for ours', async () => {
    const [answer] = await ask('mail.example.org', 'http://evil.example/old');
    expect([answer?.status, answer?.fields.find((line) => line.startsWith('location'))]).toEqual([
      301,
      'location: ./old/',
    ]);
    expect(JSON.stringify(answer)).not.toContain('evil');
  });
});

describe('no address leads to another site', () => {
  const SITES = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%2f%2fevil.example',
    '/%5c%5cevil.example',
    '/%09/evil.example',
    '/.//evil.example',
    '/@evil.example',
    '/;@evil.example',
    '/https:evil.example',
    '/https%3a%2f%2fevil.example',
    '/old//evil.example',
    '/old/..//evil.example',
    '//evil.example/%2e%2e',
    '/old%0d%0aLocation:%20https://evil.example',
    '/old%E5%98%8A%E5%98%8DLocation:evil.example',
    '/%u2215evil.example',
  ];
  const QUESTIONS = [
    'next',
    'url',
    'return',
    'returnTo',
    'redirect',
    'redirect_uri',
    'continue',
    'goto',
    'dest',
    'u',
  ].map((name) => `?${name}=https://evil.example/&${name}=//evil.example`);

  it.each(SITES)('%s', async (path) => {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      for (const end of ['', '/', '?a', '/..', '/%2e%2e', '/index.html']) {
        const [answer] = await ask('mail.example.org', path + end, [], method);
        expect([200, 400, 404, 405]).toContain(answer?.status);
        expect(
          answer?.fields.filter((line) =>
            /^(?:location|refresh|content-location|link|set-cookie):/.test(line),
          ),
        ).toEqual([]);
      }
    }
  });

  it.each(QUESTIONS)('%s', async (question) => {
    for (const path of addresses()) {
      for (const [method, body] of [
        ['GET', ''],
        ['POST', question.slice(1)],
      ] as const) {
        // A press of a link's button would count.
        if (method === 'POST' && LINK_KINDS.some((kind) => path === target.links[kind])) continue;
        const lines = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
        const [answer] = await exchange(
          target.running.port,
          composeRequest(`${method} ${path}${question}`, lines, body),
        );
        const leading = answer!.fields.filter((line) => /^(?:location|refresh|set-cookie):/.test(line));
        // To a folder's own address, relative: what was asked stays in the question.
        expect(leading.every((line) => /^location: \.\.?\/[a-z]*\/?(?:\?|$)/.test(line))).toBe(true);
        expect(answer!.body).not.toContain('evil');
      }
    }
  });
});
