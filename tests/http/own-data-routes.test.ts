/** What is kept of somebody: who has the link of that mail sees it and can have it erased, for a day; nobody else, and not by looking. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { renderChangeSubject } from '../../src/domain/address-change.ts';
import { renderPurposeToken, type TokenPurpose } from '../../src/domain/purpose-token.ts';
import { addressOf, type ExampleWeb, NOW, openExampleWeb, forgeToken } from './example-web.ts';

let web: ExampleWeb;
let token: string;
beforeEach(async () => {
  web = await openExampleWeb();
  token = await tokenFor('own-data');
});
afterEach(async () => await web.close());

async function tokenFor(purpose: TokenPurpose, subject = web.subscriber, at = NOW): Promise<string> {
  const [key] = await web.store.linkKeys();
  return renderPurposeToken(purpose, { subject, at }, key!);
}

const get = async (path = '', one = token) => await web.app.request(`/own-data/${one}${path}`);
const erase = async (address: string, one = token) =>
  await web.app.request(`/own-data/${one}/erase`, { method: 'POST', body: new URLSearchParams({ address }) });
const reader = async () => await web.store.subscribers.byId(web.subscriber);

/** The data that the template is given. */
async function shownBy(response: Response) {
  const text = await response.text();
  return JSON.parse(text.slice(text.indexOf('{')));
}

it('is a page with half of the address, kept by no cache, that leads to both', async () => {
  const response = await get();
  const names = ['cache-control', 'referrer-policy', 'x-robots-tag'];
  expect(names.map((name) => response.headers.get(name))).toEqual([
    'no-store',
    'no-referrer',
    'noindex, nofollow',
  ]);
  expect(await shownBy(response)).toMatchObject({
    data: {
      text: expect.stringContaining('r•••@example.org'),
      file: { href: `./${token}/file` },
      erase: { href: `./${token}/erase` },
    },
  });
});

it('is theirs to download, and holds nobody else', async () => {
  const other = { address: addressOf('ann@example.net'), name: 'Ann', series: null, source: 'test' };
  await web.store.subscribers.add([{ ...other, state: 'active' }], NOW);
  const response = await get('/file');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="subscription.json"');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ address: 'reader@example.org', story: [{ kind: 'added' }] });
  expect(text).not.toMatch(/ann|token|"id"/i);
});

it('is erased by a press, by who types in the address; pressed twice, it says so again', async () => {
  const page = await shownBy(await get('/erase'));
  expect(page.erase).toMatchObject({ action: `../${token}/erase`, back: { href: `../${token}` } });
  for (const address of ['', 'r•••@example.org', 'other@example.org']) {
    const response = await erase(address);
    expect(response.status).toBe(400);
    expect((await shownBy(response)).erase).toMatchObject({
      value: address,
      wrong: expect.stringMatching(/./),
    });
  }
  expect(await reader()).not.toBeNull();
  for (const _ of [1, 2]) {
    expect((await erase('Reader@Example.org')).status).toBe(200);
    expect(await reader()).toBeNull();
  }
  expect((await get()).status).toBe(410);
  expect((await get('/file')).status).toBe(410);
});

it('changes nothing for other methods and bodies', async () => {
  const before = JSON.stringify(await reader());
  for (const path of ['', '/file', '/erase']) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
      const url = `/own-data/${token}${path}?address=reader@example.org`;
      const { status } = await web.app.request(url, { method });
      expect([path, method, [200, 405].includes(status)]).toEqual([path, method, true]);
    }
  }
  for (const [type, body, status] of [
    ['text/plain', 'address=reader@example.org', 400],
    ['application/json', '{"address":"reader@example.org"}', 400],
    ['application/x-www-form-urlencoded', `address=reader@example.org&x=${'x'.repeat(70_000)}`, 413],
  ] as const) {
    const init = { method: 'POST', body, headers: { 'Content-Type': type } };
    expect((await web.app.request(`/own-data/${token}/erase`, init)).status).toBe(status);
  }
  expect(JSON.stringify(await reader())).toBe(before);
});

it('is not to be had by a token for something else, of nobody, or a day later', async () => {
  const strange = [web.token, 'x', await tokenFor('undo'), await tokenFor('move'), forgeToken(token)];
  const over = [
    await tokenFor('own-data', 99),
    await tokenFor('own-data', web.subscriber, NOW.add({ hours: 1 })),
  ];
  web.now.value = NOW.add({ hours: 24, seconds: 1 });
  over.push(token);
  over.splice(1, 1);
  for (const [tokens, status] of [
    [strange, 404],
    [over, 410],
  ] as const) {
    for (const one of tokens) {
      for (const path of ['', '/file', '/erase']) expect((await get(path, one)).status).toBe(status);
      expect((await erase('reader@example.org', one)).status).toBe(status);
    }
  }
  expect(await reader()).not.toBeNull();
});

it('is not to be had at an address they have no more', async () => {
  web.now.value = NOW.add({ minutes: 1 });
  await web.store.addressChanges.ask(web.subscriber, addressOf('new@example.net'), web.now.value);
  for (const end of ['old', 'new'] as const) {
    const subject = renderChangeSubject(1, end);
    const change = await tokenFor('move', subject, web.now.value);
    await web.app.request(`/move/${change}`, { method: 'POST' });
  }
  expect((await reader())?.address).toBe('new@example.net');
  expect((await get()).status).toBe(410);
  expect((await erase('new@example.net')).status).toBe(410);
  expect((await get('', await tokenFor('own-data', web.subscriber, web.now.value))).status).toBe(200);
});
