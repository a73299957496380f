/** Who asks about somebody else's address learns nothing from status, headers or text; and nothing from time, for the work done before the answer is the same and looks at no list. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressOf, NOW } from '../http/example-web.ts';
import { composeRequest, exchange, openTarget, type RawAnswer, type Target } from './target.ts';

const STATES = [
  'new',
  'pending',
  'active',
  'unsubscribed',
  'suppressed',
  'complained',
  'erased',
  'asked-twice',
] as const;
type State = (typeof STATES)[number];

let target: Target;
beforeEach(async () => {
  target = await openTarget({}, { limits: { perVisitor: 100_000, perDomain: 100_000, overall: 100_000 } });
  const { store } = target.web;
  for (const state of ['active', 'unsubscribed', 'suppressed', 'complained', 'erased'] as const) {
    const someone = { address: mailbox(state), name: 'Somebody', series: null, source: 'test' };
    await store.subscribers.add([{ ...someone, state: 'active' }], NOW);
  }
  const idOf = async (state: State) => (await store.subscribers.find(mailbox(state)))!.id;
  await store.subscribers.leave(await idOf('unsubscribed'), 'one-click', NOW);
  await store.subscribers.suppress(mailbox('suppressed'), 'bounce', NOW);
  await store.subscribers.suppress(mailbox('complained'), 'complaint', NOW);
  await store.subscribers.erase(mailbox('erased'), 'test', NOW);
  await ask('form', mailbox('pending'));
  for (let count = 0; count < 5; count += 1) await ask('form', mailbox('asked-twice'));
  await store.signUps.answer(100, NOW);
});
afterEach(async () => await target.close());

const mailbox = (state: string) => addressOf(`${state}@example.com`);

const ENCODINGS = {
  form: [
    'application/x-www-form-urlencoded',
    (address: string) => `address=${encodeURIComponent(address)}&name=X`,
  ],
  json: ['application/json', (address: string) => JSON.stringify({ address })],
  multipart: [
    'multipart/form-data; boundary=----0123456789abcdef',
    (address: string) =>
      `------0123456789abcdef\r\nContent-Disposition: form-data; name="address"\r\n\r\n${address}\r\n------0123456789abcdef--\r\n`,
  ],
} as const;
type Encoding = keyof typeof ENCODINGS;

async function ask(encoding: Encoding, address: string): Promise<RawAnswer> {
  const [type, compose] = ENCODINGS[encoding];
  const body = compose(address);
  const lines = [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`];
  const [answer] = await exchange(target.running.port, composeRequest('POST /subscribe', lines, body));
  return answer!;
}

/** By table, how many rows went and came, and what came with its numbers and names left out. */
function difference(
  before: ReturnType<Target['look']>,
  after: ReturnType<Target['look']>,
  state: string,
): unknown {
  return [...after]
    .map(([table, rows]) => {
      const gone = before.get(table)!.filter((row) => !rows.includes(row)).length;
      const come = rows.filter((row) => !before.get(table)!.includes(row));
      return {
        table,
        gone,
        come: come.map((row) => row.replaceAll(state, '…').replaceAll(/\d+/g, '0')).toSorted(),
      };
    })
    .filter(({ gone, come }) => gone > 0 || come.length > 0);
}

describe.each(Object.keys(ENCODINGS) as Encoding[])('asking by %s', (encoding) => {
  it('is answered the same for every address, byte for byte', async () => {
    const answers = await Promise.all(STATES.map(async (state) => await ask(encoding, mailbox(state))));
    expect(answers[0]).toMatchObject({ status: 200 });
    for (const [index, answer] of answers.entries())
      expect([STATES[index], answer]).toEqual([STATES[index], answers[0]]);
    expect(JSON.stringify(answers[0])).not.toMatch(/example\.com|set-cookie|etag/);
  });

  it('writes the same rows for every address', async () => {
    const written = [];
    for (const state of STATES) {
      const before = target.look();
      await ask(encoding, mailbox(state));
      written.push(difference(before, target.look(), state));
    }
    expect(written[0]).toMatchObject([{ table: 'sign_ups' }, { table: 'visitor_limits' }]);
    for (const [index, rows] of written.entries())
      expect([STATES[index], rows]).toEqual([STATES[index], written[0]]);
  });
});

it('looks at no list of subscribers before it answers: there need not be one', async () => {
  const plain = await ask('form', mailbox('active'));
  const database = new DatabaseSync(join(target.web.root, 'renga.sqlite'), {
    enableForeignKeyConstraints: false,
  });
  for (const table of [
    'subscribers',
    'suppressions',
    'stories',
    'notices',
    'subscriber_series',
    'erased_keys',
  ]) {
    const has = database.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(table);
    if (has !== undefined) database.exec(`drop table "${table}"`);
  }
  database.close();
  for (const state of STATES) expect(await ask('form', mailbox(state))).toEqual(plain);
});

it('is told by mail only, and then to the address alone', async () => {
  for (const state of STATES) await ask('form', mailbox(state));
  const before = new Set(target.look().get('notices'));
  await target.web.store.signUps.answer(100, NOW);
  const told = target
    .look()
    .get('notices')!
    .filter((row) => !before.has(row))
    .map((row) => JSON.parse(row) as { kind: string; address: string });
  expect(told.map(({ kind, address }) => `${kind} ${address}`).toSorted()).toEqual([
    'already-subscribed active@example.com',
    'confirmation erased@example.com',
    'confirmation new@example.com',
    'confirmation pending@example.com',
    'confirmation unsubscribed@example.com',
  ]);
});

it('tells nobody by a link that is made up whether there is such a subscriber', async () => {
  for (const kind of ['unsubscribe', 'confirm', 'undo']) {
    const seen = new Set<string>();
    for (const token of [
      'x',
      'A'.repeat(35),
      'A'.repeat(40),
      'AQAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAA',
      'AgAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ]) {
      for (const method of ['GET', 'POST']) {
        const [answer] = await exchange(
          target.running.port,
          composeRequest(`${method} /${kind}/${token}`, ['Content-Length: 0']),
        );
        seen.add(JSON.stringify(answer));
      }
    }
    expect(seen.size).toBe(1);
  }
});
