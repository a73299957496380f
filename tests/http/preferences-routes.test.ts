/** The page of preferences: what each form does, what a link alone cannot do, and that looking changes nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderChangeSubject } from '../../src/domain/address-change.ts';
import { renderLinkToken } from '../../src/domain/link-token.ts';
import { renderPurposeToken } from '../../src/domain/purpose-token.ts';
import { addressOf, type ExampleWeb, NOW, openExampleWeb, forgeToken } from './example-web.ts';

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb();
});
afterEach(async () => await web.close());

const request = async (path: string, method = 'GET') => await web.app.request(path, { method });
const here = (rest = '') => `/preferences/${web.token}${rest}`;
const reader = async () => await web.store.subscribers.byId(web.subscriber);
const storyLength = async () => (await web.store.subscribers.story(web.subscriber)).length;

type Fields = Readonly<Record<string, string | readonly string[]>>;

async function post(path: string, fields: Fields = {}): Promise<Response> {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) body.append(name, value);
  }
  return await web.app.request(path, { method: 'POST', body });
}

const save = async (fields: Fields) => await post(here(), { form: 'choices', ...fields });

type Field = { readonly value: string; readonly wrong: string };
type Shown = {
  readonly preferences: {
    readonly intro: string;
    readonly done: string;
    readonly wrong: string;
    readonly choices: Readonly<Record<'series' | 'tags' | 'pause' | 'name', Field>> & {
      readonly series: { readonly choices: readonly object[] };
    };
    readonly move: Field & { readonly action: string };
  };
};

/** The data that the template is given. */
async function shownBy(response: Response): Promise<Shown> {
  const text = await response.text();
  return JSON.parse(text.slice(text.indexOf('{')));
}

describe('what somebody gets', () => {
  it('is shown with plain words for each schedule, and no whole address', async () => {
    await web.store.subscribers.choose(
      web.subscriber,
      { series: ['daily'], tags: ['verse'], pausedUntil: NOW.add({ hours: 240 }), name: 'Ann' },
      { source: 'test', words: '', origin: null },
      NOW,
    );
    const response = await request(here());
    const names = ['cache-control', 'referrer-policy', 'x-robots-tag', 'x-frame-options'];
    expect(names.map((name) => response.headers.get(name))).toEqual([
      'no-store',
      'no-referrer',
      'noindex, nofollow',
      'DENY',
    ]);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const text = await response.clone().text();
    expect(text).not.toContain('reader@');
    const { preferences } = await shownBy(response);
    expect(preferences.intro).toContain('r•••@example.org');
    expect(preferences.choices).toMatchObject({
      series: {
        choices: [
          { value: 'weekly', hint: expect.stringContaining('every Monday at 9:00'), isChosen: false },
          { value: 'daily', isChosen: true },
        ],
      },
      tags: {
        choices: [
          { name: 'code', isChosen: false },
          { name: 'verse', isChosen: true },
        ],
      },
      pause: { value: '2026-11-30', first: '2026-11-21', last: '2027-11-20' },
      name: { value: '', hint: expect.stringMatching(/./), forget: expect.stringMatching(/./) },
    });
  });

  it('is chosen by POST, told in the story once, and says that it was saved', async () => {
    const before = await storyLength();
    const fields = { series: 'daily', tags: ['verse', 'code'], pause: '2026-12-24', name: ' Ann \t Lee ' };
    for (const _ of [1, 2]) {
      const response = await save(fields);
      expect(response.status).toBe(200);
      expect((await shownBy(response)).preferences.done).not.toBe('');
    }
    expect(await reader()).toMatchObject({ series: ['daily'], tags: ['code', 'verse'], name: 'Ann Lee' });
    // Midnight in Berlin.
    expect(String((await reader())?.pausedUntil)).toBe('2026-12-23T23:00:00Z');
    const story = await web.store.subscribers.story(web.subscriber);
    expect(story.slice(before)).toMatchObject([
      {
        kind: 'chose',
        source: 'preferences page',
        words: 'series: daily; tags: code, verse; paused until 2026-12-24; name: Ann Lee',
      },
    ]);
    await save({ series: 'daily' });
    expect(await reader()).toMatchObject({
      series: ['daily'],
      tags: null,
      pausedUntil: null,
      name: 'Ann Lee',
    });
    await save({ series: 'daily', 'no-name': '1' });
    expect(await reader()).toMatchObject({ series: ['daily'], name: '' });
  });

  it('stays what it is where several series were taken and none is chosen', async () => {
    const { preferences } = await shownBy(await request(here()));
    expect(preferences.choices.series.choices.at(-1)).toMatchObject({
      value: '',
      hint: 'Once a week, daily',
      isChosen: true,
    });
    await save({ series: '', name: 'Ann' });
    expect(await reader()).toMatchObject({ series: null, name: 'Ann' });
  });

  it.each([
    ['an unknown series', { series: 'hourly' }, 'series'],
    ['an unknown tag', { tags: ['verse', 'spells'] }, 'tags'],
    ['far too many tags', { tags: Array.from({ length: 2000 }, (_, index) => `tag ${index}`) }, 'tags'],
    ['a name without end', { name: 'x'.repeat(101) }, 'name'],
    ['today', { pause: '2026-11-20' }, 'pause'],
    ['a day that is over', { pause: '2020-01-01' }, 'pause'],
    ['a day in two years', { pause: '2028-11-21' }, 'pause'],
    ['no day', { pause: '2026-02-30' }, 'pause'],
    ['no date', { pause: '-271821-04-19' }, 'pause'],
    ['words', { pause: 'next week' }, 'pause'],
  ])(
    'refuses %s beside the field, keeps what was typed, and saves nothing of it',
    async (_, fields, field) => {
      const before = [await reader(), await storyLength()];
      const response = await save({ series: 'daily', name: 'Kept', tags: ['code'], ...fields });
      expect(response.status).toBe(400);
      const { preferences } = await shownBy(response);
      expect(preferences.wrong).not.toBe('');
      for (const name of ['series', 'tags', 'name', 'pause'] as const) {
        expect([name, preferences.choices[name].wrong !== '']).toEqual([name, name === field]);
      }
      const typed = { name: 'Kept', pause: '', ...fields };
      expect(preferences.choices.name.value).toBe(typed.name);
      expect(preferences.choices.pause.value).toBe(typed.pause);
      expect([await reader(), await storyLength()]).toEqual(before);
    },
  );

  it('keeps a tag and a pause that nobody else could choose now', async () => {
    const pausedUntil = NOW.add({ hours: 24 * 500 });
    const held = { series: null, tags: ['Old'], pausedUntil };
    await web.store.subscribers.choose(web.subscriber, held, { source: '', words: '', origin: null }, NOW);
    const before = await storyLength();
    const { preferences } = await shownBy(await request(here()));
    const { value } = preferences.choices.pause;
    expect((await save({ series: '', tags: ['Old'], pause: value })).status).toBe(200);
    expect(await storyLength()).toBe(before);
    expect((await reader())?.tags).toEqual(['Old']);
  });

  it('is changed by no other method, and by no other body', async () => {
    const before = [await reader(), await storyLength()];
    const paths = ['', '/move', '/data', '/return'];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
        const { status } = await request(
          `${here(path)}?form=choices&series=daily&address=x@example.net`,
          method,
        );
        expect([path, method, [200, 405].includes(status)]).toEqual([path, method, true]);
      }
    }
    const bodies: readonly [string, string, number][] = [
      ['application/x-www-form-urlencoded', '', 400],
      ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click', 400],
      ['application/x-www-form-urlencoded', `form=choices&name=${'x'.repeat(70_000)}`, 413],
      ['application/json', '{"form":"choices","series":"daily"}', 400],
      ['text/plain', 'form=choices', 400],
      ['multipart/form-data', 'x', 400],
    ];
    for (const [type, body, status] of bodies) {
      const init = { method: 'POST', body, headers: { 'Content-Type': type } };
      expect((await web.app.request(here(), init)).status).toBe(status);
    }
    expect([await reader(), await storyLength()]).toEqual(before);
  });

  it('is nobody’s with another token: one answer for all that are not ours', async () => {
    const [key] = await web.store.linkKeys();
    const purpose = renderPurposeToken('undo', { subject: web.subscriber, at: NOW }, key!);
    const last = web.token.endsWith('A') ? 'B' : 'A';
    const tokens = [
      `${web.token.slice(0, -1)}${last}`,
      'x',
      purpose,
      renderLinkToken(99, key!),
      '%00',
      '..%2f',
    ];
    const unknown = await (await request('/unsubscribe/nobody')).text();
    for (const token of tokens) {
      for (const [path, method] of [
        ['', 'GET'],
        ['', 'POST'],
        ['/data', 'POST'],
        ['/move', 'POST'],
        ['/return', 'POST'],
      ] as const) {
        const url = `/preferences/${token}${path}`;
        const response = method === 'GET' ? await request(url) : await post(url, { form: 'choices' });
        expect([token, path, response.status]).toEqual([token, path, 404]);
        expect(await response.text()).toBe(unknown);
      }
    }
  });

  it('leaves a way out where the template is broken', async () => {
    await web.close();
    web = await openExampleWeb({ renderPreferences: async () => await Promise.reject(new Error('broken')) });
    const response = await request(here());
    expect([response.status, (await response.text()).includes(`"../unsubscribe/${web.token}`)]).toEqual([
      500,
      true,
    ]);
    expect(web.reported).toHaveLength(1);
  });
});

describe('another address', () => {
  const tokenOf = async (end: 'old' | 'new', change = 1, at = NOW) => {
    const [key] = await web.store.linkKeys();
    return renderPurposeToken('move', { subject: renderChangeSubject(change, end), at }, key!);
  };

  it('is asked for here, and made by a press at both ends', async () => {
    const response = await post(here('/move'), { address: ' New+x@example.net ' });
    expect((await shownBy(response)).preferences.done).toContain('Two mails');
    const [one, other] = [`/move/${await tokenOf('old')}`, `/move/${await tokenOf('new')}`];
    for (const url of [one, other]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT']) await request(url, method);
      const page = await request(url);
      expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
      expect(await page.text()).toContain('N•••@example.net');
    }
    for (const _ of [1, 2]) expect(await (await request(one, 'POST')).text()).toContain('One more press');
    expect((await reader())?.address).toBe('reader@example.org');
    for (const _ of [1, 2]) expect((await request(other, 'POST')).status).toBe(200);
    expect((await reader())?.address).toBe('New+x@example.net');
  });

  it('is refused beside the field, with what was typed', async () => {
    for (const [address, words] of [
      ['', 'fill in'],
      ['no address', 'no e-mail address'],
      ['a@x.example\r\nBcc: b@x.example', 'no e-mail address'],
      ['READER@example.org', 'the address you have'],
    ] as const) {
      const response = await post(here('/move'), { address });
      expect(response.status).toBe(400);
      const { move } = (await shownBy(response)).preferences;
      expect(move.wrong).toContain(words);
      expect(move.action).toBe(`../${web.token}/move`);
    }
    for (const address of ['a@example.net', 'b@example.net']) await post(here('/move'), { address });
    const often = await post(here('/move'), { address: 'c@example.net' });
    expect([often.status, (await shownBy(often)).preferences.move.value]).toEqual([429, 'c@example.net']);
  });

  it('tells nothing of the new address', async () => {
    const answers = new Set<string>();
    await web.store.subscribers.suppress(addressOf('bad@example.net'), 'complaint', NOW);
    const other = { address: addressOf('ann@example.net'), name: '', series: null, source: 'test' };
    await web.store.subscribers.add([{ ...other, state: 'active' }], NOW);
    for (const [hours, name] of ['bad', 'ann', 'new'].entries()) {
      web.now.value = NOW.add({ hours: 25 * hours });
      const response = await post(here('/move'), { address: `${name}@example.net` });
      const text = (await response.text()).replaceAll(/2026-11-\d\d|2027-11-\d\d/g, '');
      answers.add(JSON.stringify([response.status, [...response.headers], text]));
    }
    expect(answers.size).toBe(1);
  });

  it('is no longer to be had by an old, a changed or another link', async () => {
    await post(here('/move'), { address: 'new@example.net' });
    const token = await tokenOf('old');
    const strange = [forgeToken(token), web.token, 'x'];
    for (const one of strange) {
      expect((await request(`/move/${one}`)).status).toBe(404);
      expect((await request(`/move/${one}`, 'POST')).status).toBe(404);
    }
    const gone = [await tokenOf('old', 9), await tokenOf('old', 1, NOW.subtract({ hours: 1 }))];
    for (const one of gone) {
      expect((await request(`/move/${one}`)).status).toBe(410);
      expect((await request(`/move/${one}`, 'POST')).status).toBe(410);
    }
    expect((await web.store.addressChanges.find(1))?.agreed).toEqual([]);
    web.now.value = NOW.add({ hours: 7 * 24 + 1 });
    expect((await request(`/move/${token}`)).status).toBe(410);
    expect((await request(`/move/${token}`, 'POST')).status).toBe(410);
  });
});

describe('what is kept of somebody', () => {
  it('goes by a mail to their address, twice a day at most; the page shows no name and nothing of it', async () => {
    const line = { source: 'test', words: '', origin: null };
    await web.store.subscribers.choose(web.subscriber, { name: 'Xanthippe' }, line, NOW);
    const statuses = [];
    for (const _ of [1, 2, 3]) {
      const response = await post(here('/data'));
      statuses.push(response.status);
      expect(await response.text()).not.toMatch(/reader@|Xanthippe/);
    }
    expect(statuses).toEqual([200, 200, 429]);
    const order = { worker: 'test', limit: 9, now: NOW, leaseUntil: NOW.add({ hours: 1 }) };
    const worker = { id: 'test', host: '', boot: '', pid: 1, startedAt: '' };
    await web.store.ledger.enlist(worker, NOW);
    expect(await web.store.notices.claim(order)).toMatchObject([
      { kind: 'own-data', address: 'reader@example.org', subject: web.subscriber },
      { kind: 'own-data', address: 'reader@example.org', subject: web.subscriber },
    ]);
  });

  it('is not to be had by the link itself, which may be in a mail that was forwarded', async () => {
    for (const path of ['/data', '/erase', '/file']) {
      const { status } = await request(here(path));
      expect([path, [404, 405].includes(status)]).toEqual([path, true]);
    }
    const { status } = await post(here('/erase'), { address: 'reader@example.org' });
    expect([404, 405]).toContain(status);
    expect((await request(`/own-data/${web.token}/file`)).status).toBe(404);
    expect((await post(`/own-data/${web.token}/erase`, { address: 'reader@example.org' })).status).toBe(404);
    expect(await reader()).not.toBeNull();
  });
});

describe('who left, or was kept out', () => {
  it('comes back by a new confirmation only', async () => {
    await web.store.subscribers.choose(
      web.subscriber,
      { series: ['daily'], tags: ['code'] },
      { source: '', words: '', origin: null },
      NOW,
    );
    await web.store.subscribers.leave(web.subscriber, 'one-click', NOW);
    const { preferences } = await shownBy(await request(here()));
    expect(preferences).toMatchObject({
      choices: null,
      move: null,
      leave: null,
      comeBack: { button: 'Send me that mail' },
    });
    await save({ series: 'weekly' });
    await post(here('/move'), { address: 'thief@example.net' });
    web.now.value = NOW.add({ minutes: 1 });
    expect((await post(here('/return'))).status).toBe(200);
    await web.store.signUps.answer(10, web.now.value);
    expect(await reader()).toMatchObject({ state: 'unsubscribed', series: ['daily'] });
    expect((await web.store.signUps.find(1))?.signUp).toMatchObject({
      address: 'reader@example.org',
      series: ['daily'],
      tags: ['code'],
      source: 'preferences page',
    });
    const [key] = await web.store.linkKeys();
    await request(
      `/confirm/${renderPurposeToken('confirm', { subject: 1, at: web.now.value }, key!)}`,
      'POST',
    );
    expect(await reader()).toMatchObject({ state: 'active', series: ['daily'], tags: ['code'] });
  });

  it('is under the limits of every sign-up', async () => {
    await web.close();
    web = await openExampleWeb({}, { limits: { perVisitor: 2, perDomain: 9, overall: 9 } });
    await web.store.subscribers.leave(web.subscriber, 'one-click', NOW);
    const statuses = [];
    for (const _ of [1, 2, 3]) statuses.push((await post(here('/return'))).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('is told so plainly when suppressed, and offered nothing', async () => {
    await web.store.subscribers.suppress(addressOf('reader@example.org'), 'complaint', NOW);
    const { preferences } = await shownBy(await request(here()));
    expect(preferences).toMatchObject({ choices: null, move: null, leave: null, comeBack: null, data: null });
    expect(preferences.intro).toContain('We do not write to');
    await post(here('/return'));
    expect(await web.store.signUps.find(1)).toBeNull();
    await save({ series: 'weekly' });
    expect(await reader()).toMatchObject({ state: 'suppressed' });
    expect((await post(here('/data'))).status).toBe(429);
  });
});
