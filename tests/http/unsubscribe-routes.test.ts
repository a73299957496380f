/** The way out, on a real store: what ends a subscription, and what never does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderLinkToken } from '../../src/domain/link-token.ts';
import type { Subscriber } from '../../src/domain/subscriber.ts';
import { addressOf, type ExampleWeb, NOW, openExampleWeb, PUBLICATION } from './example-web.ts';

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb();
});
afterEach(async () => await web.close());

const ONE_CLICK = 'List-Unsubscribe=One-Click';
const URLENCODED = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function subscriber(): Promise<Subscriber> {
  return (await web.store.subscribers.byId(web.subscriber))!;
}

async function ask(method: string, init: RequestInit = {}, token = web.token): Promise<Response> {
  return await web.app.request(`/unsubscribe/${token}`, { method, ...init });
}

function expectPrivate(response: Response): void {
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('x-robots-tag')).toContain('noindex');
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(response.headers.get('location')).toBeNull();
}

describe('the page of the link', () => {
  it('has one button, shows the address only to who knows it, and changes nothing', async () => {
    const response = await ask('GET');
    expect(response.status).toBe(200);
    expectPrivate(response);
    const text = await response.text();
    expect(text).toContain('r•••@example.org');
    expect(text).not.toContain('reader@');
    expect(text).toContain(`"action":"./${web.token}"`);
    expect((await subscriber()).state).toBe('active');
  });

  it('changes nothing for a scanner that only looks', async () => {
    for (const method of ['GET', 'HEAD', 'GET']) expect((await ask(method)).status).toBe(200);
    expect((await subscriber()).state).toBe('active');
  });

  it.each(['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY'])(
    '%s changes nothing',
    async (method) => {
      const response = await ask(method, { body: ONE_CLICK, headers: URLENCODED });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
      expect((await subscriber()).state).toBe('active');
    },
  );

  it('says so when there is nothing left to end', async () => {
    await web.store.subscribers.unsubscribe(web.subscriber, 'by hand', NOW);
    const text = await (await ask('GET')).text();
    expect(text).toContain('You are not subscribed');
    expect(text).toContain('"form":null');
  });
});

describe('the one-click POST of RFC 8058', () => {
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');

  it.each<[string, RequestInit]>([
    ['urlencoded', { body: ONE_CLICK, headers: URLENCODED }],
    [
      'urlencoded with a charset',
      { body: ONE_CLICK, headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' } },
    ],
    ['multipart', { body: form }],
    [
      'from another site',
      {
        body: ONE_CLICK,
        headers: { ...URLENCODED, Origin: 'https://mail.example', 'Sec-Fetch-Site': 'cross-site' },
      },
    ],
    [
      'with a cookie and a strange host',
      { body: ONE_CLICK, headers: { ...URLENCODED, Cookie: 'a=b', 'X-Forwarded-Host': 'evil.example' } },
    ],
  ])('%s ends it', async (_, init) => {
    const response = await ask('POST', init);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expectPrivate(response);
    expect(await response.text()).toBe('Unsubscribed.\n');
    const { state, endReason } = await subscriber();
    expect([state, endReason]).toEqual(['unsubscribed', 'one-click']);
  });

  it('is the same however often it comes', async () => {
    const answers = [];
    for (let time = 0; time < 3; time += 1) {
      const response = await ask('POST', { body: ONE_CLICK, headers: URLENCODED });
      answers.push([response.status, await response.text()]);
    }
    expect(new Set(answers.map(String)).size).toBe(1);
    await Promise.all(Array.from({ length: 5 }, async () => await ask('POST', { body: form })));
    expect((await subscriber()).state).toBe('unsubscribed');
  });
});

describe('the button', () => {
  it.each<[string, RequestInit]>([
    ['as a browser sends it', { body: '', headers: URLENCODED }],
    ['without a body', {}],
    ['with words of somebody else', { body: '{"a":1}', headers: { 'Content-Type': 'application/json' } }],
    ['with half a one-click', { body: 'List-Unsubscribe=one', headers: URLENCODED }],
    [
      'with a broken multipart',
      { body: '--x\r\nfoo', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } },
    ],
    ['with a boundary that is not there', { body: 'x', headers: { 'Content-Type': 'multipart/form-data' } }],
  ])('%s ends it, with a page', async (_, init) => {
    const response = await ask('POST', { ...init });
    expect(response.status).toBe(200);
    expectPrivate(response);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toContain('You are unsubscribed');
    const { state, endReason } = await subscriber();
    expect([state, endReason]).toEqual(['unsubscribed', 'unsubscribe page']);
    expect(web.reported).toEqual([]);
  });

  it('works where the template is broken', async () => {
    const broken = await openExampleWeb({
      renderPage: async () => {
        throw new Error('page-message.liquid:3');
      },
    });
    try {
      const page = await (await broken.app.request(`/unsubscribe/${broken.token}`)).text();
      expect(page).toContain(
        `<form method="post" action="./${broken.token}"><button type="submit">Unsubscribe`,
      );
      expect(page).toContain('Small &lt;joys&gt; &amp; pains');
      const response = await broken.app.request(`/unsubscribe/${broken.token}`, { method: 'POST' });
      expect(response.status).toBe(200);
      expect((await broken.store.subscribers.byId(broken.subscriber))?.state).toBe('unsubscribed');
      expect(broken.reported.map(String)).toEqual([
        'Error: page-message.liquid:3',
        'Error: page-message.liquid:3',
      ]);
    } finally {
      await broken.close();
    }
  });
});

describe('a token that is not ours', () => {
  const flip = (token: string, at: number): string =>
    token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);

  it('is unknown when any character of it was changed, and ends nothing', async () => {
    for (let at = 0; at < web.token.length; at += 1) {
      const token = flip(web.token, at);
      expect([at, (await ask('GET', {}, token)).status]).toEqual([at, 404]);
      expect([at, (await ask('POST', { body: ONE_CLICK, headers: URLENCODED }, token)).status]).toEqual([
        at,
        404,
      ]);
    }
    expect((await subscriber()).state).toBe('active');
    expect(web.reported).toEqual([]);
  });

  it.each([
    'x',
    '0',
    '1',
    '%00',
    '%F0%9F',
    '..%2f..',
    'null',
    '__proto__',
    "'%20OR%201=1",
    'A'.repeat(4000),
    '%',
  ])('%s is unknown, and nothing breaks', async (token) => {
    for (const init of [{}, { body: ONE_CLICK, headers: URLENCODED }]) {
      const response = await ask('POST', init, token);
      expect(response.status).toBe(404);
      expectPrivate(response);
      expect(await response.text()).not.toContain('example.org');
    }
    expect((await ask('GET', {}, token)).status).toBe(404);
    expect(web.reported).toEqual([]);
  });

  it('is answered alike for a forged one and for one whose subscriber is no more', async () => {
    const [key] = await web.store.linkKeys();
    const gone = renderLinkToken(4711, key!);
    const forged = renderLinkToken(web.subscriber, { id: key!.id, secret: new Uint8Array(32) });
    const answers = await Promise.all(
      [gone, forged].map(async (token) => {
        const response = await ask('GET', {}, token);
        return [response.status, Object.fromEntries(response.headers), await response.text()];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  it('leads nowhere without one', async () => {
    expect((await web.app.request('/unsubscribe')).status).toBe(404);
    expect((await web.app.request('/unsubscribe/')).status).toBe(404);
    for (const path of ['unsubscribe', 'confirm', 'undo', 'preferences', 'move', 'own-data']) {
      const response = await web.app.request(`/${path}/`, { method: 'POST' });
      expect([response.status, (await response.text()).includes('This link does not work')]).toEqual([
        404,
        true,
      ]);
    }
    expect((await ask('GET', {}, `${web.token}/x`)).status).toBe(404);
  });
});

describe('a body too large', () => {
  it('is refused, announced or not, and ends nothing', async () => {
    const body = `${ONE_CLICK}&pad=${'x'.repeat(70_000)}`;
    expect((await ask('POST', { body, headers: { ...URLENCODED, 'Content-Length': '70040' } })).status).toBe(
      413,
    );
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16_384));
      },
    });
    const init = { body: endless, headers: URLENCODED, duplex: 'half' } as RequestInit;
    expect((await ask('POST', init)).status).toBe(413);
    expect(pulled).toBeLessThan(10);
    expect((await subscriber()).state).toBe('active');
  });

  it('is none up to 64 kB', async () => {
    const body = `${ONE_CLICK}&pad=`.padEnd(65_536, 'x');
    expect((await ask('POST', { body, headers: URLENCODED })).status).toBe(200);
  });

  it('is told apart from one that breaks off', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(ONE_CLICK));
        controller.error(new Error('gone'));
      },
    });
    const init = { body: broken, headers: URLENCODED, duplex: 'half' } as RequestInit;
    expect((await ask('POST', init)).status).toBe(400);
    expect((await subscriber()).state).toBe('active');
  });
});

describe('an address', () => {
  it.each([
    ['a@example.org', 'a•••@example.org'],
    ['über@bücher.example', 'ü•••@bücher.example'],
  ])('%s is shown as %s', async (address, shown) => {
    const reader = {
      address: addressOf(address),
      name: '',
      series: null,
      source: 'test',
      state: 'active',
    } as const;
    const [added] = await web.store.subscribers.add([reader], NOW);
    const [key] = await web.store.linkKeys();
    const text = await (await ask('GET', {}, renderLinkToken(added!.subscriber.id, key!))).text();
    expect(text).toContain(`sent to ${shown}.`);
    expect(PUBLICATION.serverUrl).not.toContain('localhost');
    expect(text).not.toContain('localhost');
  });
});
