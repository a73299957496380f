/** The contract of the store on a real PostgreSQL, and what only a real one has: locks between programs, logins, settings. */
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { openPostgres } from '../../src/store/open-postgres.ts';
import { openStore } from '../../src/store/open-store.ts';
import { describeContract } from '../store/contract.ts';
import { openStoresOf } from '../store/databases.ts';
import { runChild } from '../store/run-child.ts';
import {
  address,
  at,
  claim,
  claimOne,
  collect,
  counts,
  freezeRequest,
  newcomer,
  prepareDigest,
} from '../store/samples.ts';
import { useCluster } from './postgres-cluster.ts';

const cluster = useCluster();

describe('on PostgreSQL', () => {
  describeContract(cluster.database);
});

const { makeLocation, openAt, openTwo } = openStoresOf(cluster.database);
const READERS = 600;

async function refusalOf(location: string): Promise<OperatorError> {
  const error: unknown = await openStore({ location, now: at('08:00') }).catch((error: unknown) => error);
  if (!(error instanceof OperatorError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe('opening PostgreSQL', () => {
  it('commits to the disk and sees what others committed, whatever the role is set to', async () => {
    const name = await cluster.makeDatabase();
    await cluster.ask(`alter database ${name} set synchronous_commit = off`);
    await cluster.ask(`alter database ${name} set default_transaction_isolation = 'repeatable read'`);
    await cluster.ask(`alter database ${name} set statement_timeout = '5s'`);
    const connection = await openPostgres(cluster.url(name));
    const show = async (setting: string) =>
      (await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(connection.db))
        .rows[0]?.value;
    expect(await show('synchronous_commit')).toBe('on');
    expect(await show('default_transaction_isolation')).toBe('read committed');
    expect(await show('statement_timeout')).toBe('15min');
    await connection.close();
  });

  it('says what is wrong with a login or a name, and keeps the password to itself', async () => {
    const wrong = await refusalOf(cluster.url('postgres').replace('s3cr3t', 'Wr0ng'));
    expect(wrong.message).toContain('refuses the login');
    const missing = await refusalOf(cluster.url('nowhere'));
    expect(missing.message).toContain('the database nowhere at 127.0.0.1');
    expect(missing.message).toContain('does not exist');
    for (const refusal of [wrong, missing]) {
      expect(`${refusal.message} ${refusal.hint} ${String(refusal.cause)}`).not.toMatch(/Wr0ng|s3cr3t/);
    }
  });

  it('refuses a server without TLS when TLS is asked for', async () => {
    expect((await refusalOf(`${cluster.url('postgres')}?sslmode=verify-full`)).message).toContain(
      'offers no TLS',
    );
  });

  it('refuses text in another encoding, and a newer schema', async () => {
    await cluster.ask(
      "create database latin encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0",
    );
    expect((await refusalOf(cluster.url('latin'))).message).toContain('SQL_ASCII');
    const location = await makeLocation();
    await (await openAt(location)).close();
    await cluster.ask("update settings set value = '99' where name = 'schema'", location.split('/').at(-1));
    expect((await refusalOf(location)).message).toMatch(/newer renga \(schema 99/);
  });

  it('refuses a database whose tables are of another program', async () => {
    const name = await cluster.makeDatabase();
    await cluster.ask('create table settings (name text, value text)', name);
    expect((await refusalOf(cluster.url(name))).message).toContain('another program');
  });

  it('sorts by bytes, as SQLite does', async () => {
    const store = await openAt(await makeLocation());
    await store.series.open('weekly', at('08:00'), []);
    const slots = ['b', 'A', 'a', 'B', 'ä'].map((name) => ({ series: 'weekly', name, dueAt: at('09:00') }));
    await store.series.recordSlots('weekly', slots, at('09:00'));
    expect((await store.series.slots()).map(({ name }) => name)).toEqual(['A', 'B', 'a', 'b', 'ä']);
  });
});

describe('several programs on PostgreSQL', () => {
  it('make one store when all of them open it new', async () => {
    const location = await makeLocation();
    const children = [1, 2, 3, 4].map(() => runChild('open-store', location));
    const answers = await Promise.all(children.map((child) => child.end()));
    expect(answers).toEqual(Array.from({ length: 4 }, () => ['"opened"']));
    expect(await (await openAt(location)).linkKeys()).toHaveLength(1);
  });

  it('hand each delivery over once', async () => {
    const location = await makeLocation();
    const store = await openAt(location);
    await prepareDigest(
      store,
      Array.from({ length: READERS }, (_, index) => `reader${index}`),
    );
    const children = ['third', 'fourth', 'fifth'].map((worker) => runChild('deliver', location, worker));
    await Promise.all(children.map((child) => child.firstLine));
    while ((await store.ledger.counts(1)).accepted < READERS) {
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
    const said = (await Promise.all(children.map((child) => child.kill()))).flat();
    const marked = said.filter((line) => line.startsWith('marked '));
    expect(new Set(marked).size).toBe(READERS);
    expect(marked).toHaveLength(READERS);
  });

  it('freeze a slot once, and never give a number or a post twice', async () => {
    const stores = await openTwo();
    await prepareDigest(stores[0], ['ann']);
    for (let number = 2; number < 12; number += 1) {
      const name = String(number);
      const results = await Promise.all(
        // The same slot from both; the same number and post under another slot from a third.
        [
          freezeRequest(name),
          freezeRequest(name),
          freezeRequest(`${name} again`, { posts: [{ id: name, title: '' }] }),
        ].map((request, index) => stores[index % 2 === 0 ? 0 : 1].digests.freeze(number, request)),
      );
      expect(results.filter((result) => result.kind === 'frozen')).toHaveLength(1);
      expect(await stores[0].ledger.counts(number)).toEqual(counts({ due: 1 }));
    }
  });

  it('claim different deliveries at the same moment', async () => {
    const stores = await openTwo();
    await prepareDigest(
      stores[0],
      Array.from({ length: 200 }, (_, index) => `reader${index}`),
    );
    const groups = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        claim(stores[index % 2] ?? stores[0], { worker: index % 2 === 0 ? 'first' : 'second', limit: 10 }),
      ),
    );
    const given = groups.flat().map(({ subscriber }) => subscriber);
    expect(new Set(given).size).toBe(200);
    expect(given).toHaveLength(200);
  });

  it('never add a subscriber past a suppression', async () => {
    const stores = await openTwo();
    for (let round = 0; round < 30; round += 1) {
      const name = `reader${round}`;
      await Promise.all([
        stores[0].subscribers.add([newcomer(name)], at('08:00')),
        stores[1].subscribers.suppress(address(`${name}@example.org`), 'bounced', at('08:00')),
      ]);
      expect((await stores[0].subscribers.find(address(`${name}@example.org`)))?.state).toBe('suppressed');
    }
  });

  it('answer an unsubscribe only when no mark is under way', async () => {
    const location = await makeLocation();
    const store = await openAt(location);
    await prepareDigest(store, ['ann']);
    const held = await claimOne(store);
    const database = location.split('/').at(-1) ?? '';
    const connection = await openPostgres(location);
    // A mark that has looked at the subscriber and is not yet durable.
    const { markDelivery } = await import('../../src/store/mark-delivery.ts');
    const leaving: Promise<boolean>[] = [];
    const marked = await connection.write(async (tx) => {
      const result = await markDelivery(
        tx,
        connection.dialect,
        held,
        at('09:02').epochMilliseconds,
        undefined,
      );
      leaving.push(store.subscribers.unsubscribe(held.subscriber, 'one-click', at('09:02')));
      while ((await waiting(database)) === 0) await new Promise((resolve) => void setTimeout(resolve, 10));
      return result;
    });
    await connection.close();
    expect(marked).toBe(true);
    expect(await Promise.all(leaving)).toEqual([true]);
    expect((await collect(store.ledger.deliveries(1))).map(({ state }) => state)).toEqual(['handing-over']);
  });

  it('take back what a worker settles at the same moment once', async () => {
    const [one, other] = await openTwo();
    const names = Array.from({ length: 60 }, (_, index) => `reader${index}`);
    await prepareDigest(one, names);
    const held = await claim(one);
    await Promise.all(held.map((each) => one.ledger.mark(each, at('09:02'))));
    await Promise.all([
      ...held.map((each) => one.ledger.settle(each, { kind: 'accepted', reply: '250' }, at('09:03'), null)),
      other.ledger.release('first', at('09:03')),
      one.ledger.release('first', at('09:03')),
    ]);
    const after = await one.ledger.counts(1);
    expect(after.accepted + after['in-doubt']).toBe(60);
    for (const view of await collect(one.ledger.deliveries(1))) expect(view.attempts).toBe(1);
  });
});

/** How many sessions of a database wait for a lock. */
async function waiting(database: string): Promise<number> {
  const rows = await cluster.ask(
    `select 1 from pg_stat_activity where datname = '${database}' and wait_event_type = 'Lock'`,
  );
  return rows.length;
}
