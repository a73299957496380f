/** Mail scanners, link checkers and prefetching browsers open every link there is, with every method they know: no row changes but by a POST. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRequest, exchange, LINK_KINDS, openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => await target.close());

const LOOKING = ['GET', 'HEAD', 'OPTIONS'];
const ODD = [
  'PUT',
  'DELETE',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'MKCOL',
  'LOCK',
  'REPORT',
  'PURGE',
  'SEARCH',
  'QUERY',
  'LINK',
];
/** No methods of HTTP; also POST is spelled in capitals (RFC 9110 §9.1). */
const NONE = ['post', 'Get', 'POSTER', 'DEBUG', 'TRACK', 'X'];

/** A scanner goes about it like this. */
const GUISES: readonly (readonly string[])[] = [
  [],
  [
    'User-Agent: Mozilla/5.0 (compatible; SafeLinks)',
    'Accept: text/html',
    'Sec-Purpose: prefetch;prerender',
    'Purpose: prefetch',
  ],
  ['X-HTTP-Method-Override: POST', 'X-HTTP-Method: POST', 'X-Method-Override: POST'],
  ['List-Unsubscribe: One-Click', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'],
  ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 26'],
];
const QUESTIONS = ['', '?List-Unsubscribe=One-Click', '?_method=POST', '?confirm=1&submit=Unsubscribe'];

describe.each([...LINK_KINDS])('the link %s', (kind) => {
  it.each([...LOOKING, ...ODD, ...NONE])('changes nothing for %s', async (method) => {
    const before = target.look();
    for (const guise of GUISES) {
      for (const question of QUESTIONS) {
        const hasBody = guise.some((line) => line.startsWith('Content-Length'));
        const body = hasBody ? 'List-Unsubscribe=One-Click' : '';
        const request = composeRequest(`${method} ${target.links[kind]}${question}`, guise, body);
        const [answer] = await exchange(target.running.port, request, { isHead: method === 'HEAD' });
        const expected =
          method === 'GET' || method === 'HEAD' ? [200] : NONE.includes(method) ? [400, 405] : [405];
        expect(expected).toContain(answer?.status);
        // A token is nobody's to mirror but the page's own button.
        const mirrored = answer?.body.includes(target.links[kind].split('/').at(-1)!);
        expect(mirrored).toBe(method === 'GET');
      }
    }
    expect(target.look()).toEqual(before);
  });

  it('is no one’s to keep, to find, or to be told of elsewhere', async () => {
    const [answer] = await exchange(target.running.port, composeRequest(`GET ${target.links[kind]}`));
    expect(answer?.fields).toEqual(
      expect.arrayContaining([
        'cache-control: no-store',
        'referrer-policy: no-referrer',
        'x-robots-tag: noindex, nofollow',
        'x-frame-options: DENY',
        'x-content-type-options: nosniff',
      ]),
    );
    expect(answer?.fields.find((line) => line.startsWith('content-security-policy'))).toMatch(
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    expect(answer?.body).not.toMatch(/(?:reader|pending|left|chooser|other)@/);
  });
});

describe('what lies below a page of preferences', () => {
  it.each(['/move', '/return', '/erase', '/data', '/%6dove', '/erase/', '/data?download=1'])(
    'changes nothing for whoever only looks: %s',
    async (below) => {
      const before = target.look();
      for (const method of [...LOOKING, ...ODD]) {
        const request = composeRequest(`${method} ${target.links.preferences}${below}`);
        const [answer] = await exchange(target.running.port, request, { isHead: method === 'HEAD' });
        expect([200, 404, 405]).toContain(answer?.status);
      }
      expect(target.look()).toEqual(before);
    },
  );
});

describe('any address', () => {
  it.each([...ODD, ...NONE, 'OPTIONS'])('says no to %s, with what it does answer to', async (method) => {
    const before = target.look();
    for (const path of ['/', '/rss.xml', '/nowhere', '/healthz', '/unsubscribe/x', '/confirm/x/again']) {
      const [answer] = await exchange(
        target.running.port,
        composeRequest(`${method} ${path}`, ['X-Secret: mirrored']),
      );
      expect([400, 405]).toContain(answer?.status);
      const allowed = answer?.fields.filter((line) => line.startsWith('allow: '));
      expect(allowed).toHaveLength(answer?.status === 405 ? 1 : 0);
      expect(JSON.stringify(answer)).not.toContain('mirrored');
    }
    expect(target.look()).toEqual(before);
  });

  it('is no way through to other servers', async () => {
    for (const first of [
      'CONNECT evil.example:443',
      'CONNECT 127.0.0.1:25',
      'OPTIONS *',
      'GET ftp://evil.example/',
      'GET mail.example.org',
    ]) {
      const answers = await exchange(target.running.port, composeRequest(first));
      expect(answers.every(({ status }) => status >= 400)).toBe(true);
    }
  });
});

describe('the buttons, seen from the other side', () => {
  it('do what the links only show, so that all of the above has something to keep from', async () => {
    for (const kind of LINK_KINDS) {
      const before = target.look();
      const body = kind === 'preferences' ? 'form=choices&series=daily' : '';
      const lines = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
      const [answer] = await exchange(
        target.running.port,
        composeRequest(`POST ${target.links[kind]}`, lines, body),
      );
      expect([kind, answer?.status]).toEqual([kind, 200]);
      expect(target.look()).not.toEqual(before);
    }
  });
});
