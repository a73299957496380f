/** Moving a store between files; to and from PostgreSQL in `tests/peers/postgres-move.test.ts`. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { moveStore } from '../../src/store/move-store.ts';
import { DATABASES, openStoresOf } from './databases.ts';
import { moveContract } from './move-contract.ts';
import { at, counts, prepareDigest } from './samples.ts';

const [sqlite] = DATABASES;
if (!sqlite) throw new Error('SQLite is always there');
const { makeLocation, openAt } = openStoresOf(sqlite);

describe('moving a store', () => {
  moveContract(sqlite, sqlite);

  it('ends a move that was killed between its two commits', async () => {
    const [from, to] = [await makeLocation(), await makeLocation()];
    const old = await openAt(from);
    await prepareDigest(old, ['ann', 'bob']);
    await old.close();
    const database = new DatabaseSync(from);
    database.prepare("insert into settings (name, value) values ('moved', ?)").run(to);
    database.close();
    await expect(openAt(from)).rejects.toThrow(`moved to ${to}`);
    await moveStore({ from, to, now: at('10:00'), isDead: () => true });
    expect(await (await openAt(to)).ledger.counts(1)).toEqual(counts({ due: 2 }));
  });

  it('does not leave a table behind that it does not know', async () => {
    const [from, to] = [await makeLocation(), await makeLocation()];
    await (await openAt(from)).close();
    const database = new DatabaseSync(from);
    database.exec('create table letters (id integer primary key)');
    database.close();
    const moving = moveStore({ from, to, now: at('10:00'), isDead: () => true });
    await expect(moving).rejects.toThrow('letters');
  });
});
