/** The way in: what each encoding brings, what nobody can learn or do by it, and the links of its mails. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderPurposeToken, type TokenPurpose } from '../../src/domain/purpose-token.ts';
import { addressOf, type ExampleWeb, NOW, openExampleWeb, forgeToken } from './example-web.ts';

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb();
});
afterEach(async () => await web.close());

const FORM = 'application/x-www-form-urlencoded';

async function post(
  body: string | FormData | URLSearchParams,
  headers: Record<string, string> = {},
  peer = '203.0.113.1',
): Promise<Response> {
  const type: Record<string, string> = typeof body === 'string' ? { 'Content-Type': FORM } : {};
  const init = { method: 'POST', body, headers: { ...type, ...headers } };
  return await web.app.request('/subscribe', init, { incoming: { socket: { remoteAddress: peer } } });
}

const json = (value: unknown, headers = {}) =>
  post(JSON.stringify(value), { 'Content-Type': 'application/json', ...headers });

/** What was taken, in the words of the store. */
async function taken(): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (let id = 1; ; id += 1) {
    const one = await web.store.signUps.find(id);
    if (!one) return found;
    found.push(one.signUp);
  }
}

async function tokenOf(purpose: TokenPurpose, subject: number, at = NOW): Promise<string> {
  const [key] = await web.store.linkKeys();
  return renderPurposeToken(purpose, { subject, at }, key!);
}

describe('POST /subscribe', () => {
  it('takes a form in either encoding, and JSON', async () => {
    const multipart = new FormData();
    for (const [name, value] of [
      ['address', 'b@example.org'],
      ['series', 'daily'],
      ['tags', 'x'],
      ['tags', 'a'],
    ]) {
      multipart.append(name!, value!);
    }
    const answers = [
      await post('address=A.b%2Bc%40Example.org&name=Ann++Lee&series=weekly', {
        Origin: 'https://elsewhere.example',
      }),
      await post(multipart),
      await json({ address: 'c@bücher.example', series: ['weekly', 'daily'], tags: [] }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await taken()).toMatchObject([
      {
        address: 'A.b+c@example.org',
        name: 'Ann Lee',
        series: ['weekly'],
        tags: null,
        source: 'form at https://elsewhere.example',
        origin: null,
      },
      { address: 'b@example.org', series: ['daily'], tags: ['a', 'x'], source: 'form elsewhere' },
      { address: 'c@xn--bcher-kva.example', series: ['weekly', 'daily'], tags: null },
    ]);
    expect(await answers[2]!.json()).toMatchObject({ kind: 'taken' });
  });

  it('gives who chooses no series the first', async () => {
    await post('address=a@example.org');
    expect(await taken()).toMatchObject([{ series: ['weekly'], tags: null }]);
  });

  it('says the same of every address, in status, headers and text', async () => {
    await web.store.subscribers.suppress(addressOf('bad@example.org'), 'complaint', NOW);
    const left = await web.store.subscribers.add(
      [{ address: addressOf('gone@example.org'), name: '', series: null, source: 'test', state: 'active' }],
      NOW,
    );
    await web.store.subscribers.unsubscribe(left[0]!.subscriber.id, 'one-click', NOW);
    await post('address=pending@example.org');
    await web.store.signUps.answer(10, NOW);
    const seen = [];
    for (const name of ['new', 'pending', 'reader', 'bad', 'gone', 'reader', 'new']) {
      const response = await post(`address=${name}@example.org`);
      seen.push(JSON.stringify([response.status, [...response.headers], await response.text()]));
      await web.store.signUps.answer(10, NOW);
    }
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).not.toContain('@');
  });

  it.each([
    ['', 'address'],
    ['no-at-sign', 'address'],
    ['a@localhost', 'address'],
    ['a@[192.0.2.1]', 'address'],
    ['a@192.0.2.1', 'address'],
    ['a@example.org\r\nBcc: b@example.org', 'address'],
    ['a@example.org,b@example.org', 'address'],
    ['<a@example.org>', 'address'],
    [`${'a'.repeat(65)}@example.org`, 'address'],
    ['a b@example.org', 'address'],
    ['"a b"@example.org', 'address'],
    ['a\u0000@example.org', 'address'],
    ['a\u202e@example.org', 'address'],
    ['@example.org', 'address'],
    ['a@-x.org', 'address'],
    ['a@example..org', 'address'],
    ['a..b@example.org', 'address'],
    ['.a@example.org', 'address'],
    ['a@exa mple.org', 'address'],
    ['a@example.org/../x', 'address'],
    ['a@%65xample.org', 'address'],
  ])('refuses %j beside its field, and keeps what was typed', async (address) => {
    const response = await post(new URLSearchParams({ address, name: 'Kept' }));
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain('Kept');
    expect(text).toMatch(/"address":\{[^}]*"wrong":"[^"]+/);
    expect(await (await json({ address })).json()).toMatchObject({
      kind: 'wrong',
      faults: [{ field: 'address' }],
    });
    expect(await taken()).toEqual([]);
  });

  it('refuses a series there is none of, and far too many tags', async () => {
    const tags = Array.from({ length: 21 }, (_, index) => `tag ${index}`);
    const response = await json({
      address: 'a@example.org',
      series: ['hourly'],
      tags,
      name: 'x'.repeat(101),
    });
    expect(await response.json()).toMatchObject({
      faults: [{ field: 'name' }, { field: 'series' }, { field: 'tags' }],
    });
  });

  it('takes nothing from who fills in what no person sees, and tells them the same', async () => {
    const honest = await post('address=a@example.org');
    const trapped = await post('address=b@example.org&website=https://pills.example');
    expect([trapped.status, await trapped.text()]).toEqual([honest.status, await honest.text()]);
    expect(await taken()).toHaveLength(1);
  });

  it.each([
    ['text/plain', 'address=a@example.org', 400],
    ['application/json', '[]', 400],
    ['application/json', '{"address":', 400],
    ['application/json', 'null', 400],
    ['multipart/form-data', 'x', 400],
    [FORM, `address=${'a'.repeat(70_000)}`, 413],
  ])('answers what is no form: %s', async (type, body, status) => {
    expect((await post(body, { 'Content-Type': type })).status).toBe(status);
    expect(await taken()).toEqual([]);
  });

  it('lets only named sites read the answer, and asks nothing of a plain form', async () => {
    for (const origin of ['https://ann.example', 'https://example.org']) {
      const response = await json({ address: 'a@example.org' }, { Origin: origin });
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      const preflight = await web.app.request('/subscribe', {
        method: 'OPTIONS',
        headers: { Origin: origin },
      });
      expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'POST',
      ]);
    }
    for (const origin of ['https://evil.example', 'null', 'https://ann.example.evil.example']) {
      const response = await json({ address: 'a@example.org' }, { Origin: origin });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, null]);
      expect(response.headers.get('vary')).toContain('Origin');
    }
    expect((await web.app.request('/subscribe')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('GET /subscribe', () => {
  it('shows the form, and changes nothing', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE2']) {
      const response = await web.app.request('/subscribe?address=a@example.org', { method });
      expect(response.status).toBeLessThan(406);
    }
    const response = await web.app.request('/subscribe');
    const text = await response.text();
    expect(text).toContain('page-subscribe.liquid');
    const { page, form } = JSON.parse(text.slice(text.indexOf('{')));
    const here = 'https://mail.example.org/subscribe';
    expect(page).toMatchObject({ url: here, canonical: here });
    expect(form.series.choices[0]).toMatchObject({
      name: 'weekly',
      label: 'Once a week',
      hint: expect.stringContaining('every Monday at 9:00'),
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await taken()).toEqual([]);
    expect((await web.app.request('/subscribe/')).headers.get('location')).toBe('../subscribe');
  });
});

describe('limits', () => {
  const openLimited = async (
    limits: { perVisitor: number; perDomain: number; overall: number },
    proxies: readonly string[] = [],
  ) => {
    await web.close();
    web = await openExampleWeb({}, { limits, proxies, keepOrigin: true });
  };
  const many = { perVisitor: 1000, perDomain: 1000, overall: 1000 };

  it('count a visitor, a /64 for IPv6, and say when to come again', async () => {
    await openLimited({ ...many, perVisitor: 6 });
    const statuses = async (...peers: readonly string[]): Promise<readonly number[]> => {
      const all: number[] = [];
      for (const peer of peers) all.push((await post(`address=a${all.length}@example.org`, {}, peer)).status);
      return all;
    };
    expect(await statuses('192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '192.0.2.2')).toEqual([
      200, 200, 429, 200,
    ]);
    expect(await statuses('2001:db8::1', '2001:db8:0:0:ffff::9', '2001:db8::2', '2001:db8:0:1::1')).toEqual([
      200, 200, 429, 200,
    ]);
    const refused = await post('address=x@example.org', {}, '192.0.2.1');
    expect(refused.headers.get('retry-after')).toBe('1800');
    expect(await refused.text()).toContain('30 minutes');
    expect((await json({ address: 'x@example.org' })).status).toBe(200);
    web.now.value = NOW.add({ minutes: 30 });
    expect(await statuses('192.0.2.1', '192.0.2.1')).toEqual([200, 429]);
  });

  it('count a domain, and all', async () => {
    await openLimited({ ...many, perDomain: 3, overall: 6 });
    const ask = async (address: string, peer: string) => (await post(`address=${address}`, {}, peer)).status;
    expect(await ask('a@example.org', '192.0.2.1')).toBe(200);
    expect(await ask('b@EXAMPLE.org', '192.0.2.2')).toBe(429);
    expect(await ask('b@example.net', '192.0.2.3')).toBe(200);
    expect(await ask('c@example.com', '192.0.2.4')).toBe(429);
  });

  it('are wider for our own form, once a person can have filled it in, and for a day', async () => {
    await openLimited({ ...many, perVisitor: 3 });
    const form = await tokenOf('form', 0);
    const ask = async (token: string, peer: string) => {
      const all: number[] = [];
      for (let count = 0; count < 4; count += 1)
        all.push((await post(`address=a@example.org&form=${token}`, {}, peer)).status);
      return all;
    };
    expect(await ask(form, '192.0.2.1')).toEqual([200, 429, 429, 429]);
    web.now.value = NOW.add({ seconds: 2 });
    expect(await ask(form, '192.0.2.2')).toEqual([200, 200, 200, 429]);
    expect(await ask(forgeToken(form), '192.0.2.3')).toEqual([200, 429, 429, 429]);
    expect(await ask(await tokenOf('confirm', 0), '192.0.2.4')).toEqual([200, 429, 429, 429]);
    web.now.value = NOW.add({ hours: 24, seconds: 1 });
    expect(await ask(form, '192.0.2.5')).toEqual([200, 429, 429, 429]);
    expect(await taken()).toMatchObject([
      { source: 'form elsewhere', origin: '192.0.2.1' },
      { source: 'subscribe page' },
      {},
      {},
      {},
      {},
      {},
    ]);
  });

  it('believe X-Forwarded-For from named proxies only, and of that the last hop that is not one', async () => {
    await openLimited({ ...many, perVisitor: 3 }, ['10.0.0.0/8', '::1/128']);
    const ask = async (peer: string, forwarded: string) =>
      (await post('address=a@example.org', { 'X-Forwarded-For': forwarded }, peer)).status;
    expect(await ask('192.0.2.1', '198.51.100.1')).toBe(200);
    expect(await ask('192.0.2.1', '198.51.100.2')).toBe(429);
    expect(await ask('10.1.1.1', '1.1.1.1, 198.51.100.3, 10.2.2.2')).toBe(200);
    expect(await ask('::1', '2.2.2.2, 198.51.100.3')).toBe(429);
    expect(await ask('10.1.1.1', '198.51.100.4:4711')).toBe(200);
    expect(await ask('10.1.1.1', 'unknown')).toBe(200);
    expect(await ask('10.1.1.1', '')).toBe(429);
  });
});

describe('the link of a confirmation', () => {
  beforeEach(async () => {
    await post('address=ann@example.org');
    await web.store.signUps.answer(10, NOW);
  });
  const ann = async () => await web.store.subscribers.find(addressOf('ann@example.org'));

  it('shows a button to whoever only looks, and confirms for whoever presses it', async () => {
    const url = `/confirm/${await tokenOf('confirm', 1)}`;
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) await web.app.request(url, { method });
    expect(await ann()).toMatchObject({ state: 'pending' });
    const page = await web.app.request(url, {
      headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' },
    });
    const text = await page.text();
    expect(text).toContain('a•••@example.org');
    expect(text).not.toMatch(/ann@|evil/);
    expect(
      ['cache-control', 'referrer-policy', 'x-robots-tag'].map((name) => page.headers.get(name)),
    ).toEqual(['no-store', 'no-referrer', 'noindex, nofollow']);
    for (const _ of [1, 2]) {
      const welcome = await web.app.request(url, { method: 'POST' });
      expect(welcome.status).toBe(200);
      const [, link = ''] = /"\.\.(\/preferences\/[\w-]+)"/.exec(await welcome.text()) ?? [];
      expect(await (await web.app.request(link)).text()).toContain('a•••@example.org');
    }
    expect(await ann()).toMatchObject({ state: 'active', series: ['weekly'] });
  });

  it('is nobody’s when it was changed, and for nothing else', async () => {
    const token = await tokenOf('confirm', 1);
    const wrong = [
      forgeToken(token),
      'x',
      await tokenOf('undo', 1),
      await tokenOf('form', 1),
      web.token,
      '%00',
    ];
    for (const one of wrong) {
      for (const method of ['GET', 'POST']) {
        expect([one, (await web.app.request(`/confirm/${one}`, { method })).status]).toEqual([one, 404]);
      }
    }
    expect(await ann()).toMatchObject({ state: 'pending' });
  });

  it('offers a new one after seven days, by a press', async () => {
    const token = await tokenOf('confirm', 1);
    web.now.value = NOW.add({ hours: 7 * 24 + 1 });
    const page = await web.app.request(`/confirm/${token}`);
    expect([page.status, (await page.text()).includes(`./${token}/again`)]).toEqual([410, true]);
    expect((await web.app.request(`/confirm/${token}`, { method: 'POST' })).status).toBe(410);
    expect((await web.app.request(`/confirm/${token}/again`)).status).toBe(405);
    expect((await web.app.request(`/confirm/${token}/again`, { method: 'POST' })).status).toBe(200);
    await web.store.signUps.answer(10, web.now.value);
    expect(
      (await web.app.request(`/confirm/${await tokenOf('confirm', 2)}`, { method: 'POST' })).status,
    ).toBe(200);
    expect(await ann()).toMatchObject({ state: 'active' });
    expect(
      (await web.app.request(`/confirm/${await tokenOf('confirm', 99)}/again`, { method: 'POST' })).status,
    ).toBe(410);
  });

  it('brings back nobody who left since', async () => {
    const url = `/confirm/${await tokenOf('confirm', 1)}`;
    await web.app.request(url, { method: 'POST' });
    await web.store.subscribers.leave((await ann())!.id, 'one-click', NOW);
    const replayed = await web.app.request(url, { method: 'POST' });
    expect([replayed.status, (await ann())?.state]).toEqual([410, 'unsubscribed']);
  });
});

describe('the link of a goodbye', () => {
  it('undoes by a press what a click did, for a day', async () => {
    await web.app.request(`/unsubscribe/${web.token}`, { method: 'POST' });
    const url = `/undo/${await tokenOf('undo', web.subscriber)}`;
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT']) await web.app.request(url, { method });
    const state = async () => (await web.store.subscribers.byId(web.subscriber))?.state;
    expect(await state()).toBe('unsubscribed');
    expect(await (await web.app.request(url)).text()).toContain('r•••@example.org');
    expect((await web.app.request(`/undo/${web.token}`, { method: 'POST' })).status).toBe(404);
    expect((await web.app.request(url, { method: 'POST' })).status).toBe(200);
    expect(await state()).toBe('active');
    await web.app.request(`/unsubscribe/${web.token}`, {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'Content-Type': FORM },
    });
    web.now.value = NOW.add({ hours: 24, seconds: 1 });
    expect((await web.app.request(url)).status).toBe(410);
    expect((await web.app.request(url, { method: 'POST' })).status).toBe(410);
    expect(await state()).toBe('unsubscribed');
  });
});
