/**
 * The mark of what the store knows of posts: another with every write of their records, showings and volumes, and random, so that one store at two
 * moments, or two stores, never have the same unless they say the same.
 */
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { MarkStep } from '../domain/mark-step.ts';
import type { Connection } from './connection.ts';
import type { Tables } from './tables.ts';

const NAME = 'posts-mark';

/** Made when it is first asked for. */
export async function readPostsMark({ db, write }: Connection): Promise<string> {
  const known = await find(db);
  if (known !== null) return known;
  return await write(async (tx) => {
    const values = { name: NAME, value: randomUUID() } as const;
    await tx
      .insertInto('settings')
      .values(values)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    return (await find(tx)) ?? values.value;
  });
}

/** To be called in each transaction that writes of posts, last. */
export async function stepPostsMark(tx: Transaction<Tables>): Promise<MarkStep> {
  const to = randomUUID();
  // Held until the commit: of two writers the second must see what the first one made of it.
  await tx
    .updateTable('settings')
    .set((expression) => ({ value: expression.ref('value') }))
    .where('name', '=', NAME)
    .execute();
  const from = await find(tx);
  await tx
    .insertInto('settings')
    .values({ name: NAME, value: to })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: to }))
    .execute();
  return { from, to };
}

async function find(db: Pick<Transaction<Tables>, 'selectFrom'>): Promise<string | null> {
  const row = db.selectFrom('settings').select('value').where('name', '=', NAME);
  return (await row.executeTakeFirst())?.value ?? null;
}
