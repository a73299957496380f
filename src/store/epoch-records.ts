/** The epoch: see `domain/journal.ts`. It only ever grows, and what was raised is on the disk. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export async function readEpoch(db: Kysely<Tables>): Promise<number> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', 'epoch').executeTakeFirst();
  return Number(row?.value ?? 0);
}

/** Answers the new one: greater than it was, and greater than `above`. */
export async function raiseEpoch(tx: Transaction<Tables>, above: number): Promise<number> {
  await tx
    .insertInto('settings')
    .values({ name: 'epoch', value: '0' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  // One statement, so that of many workers each gets a number of its own.
  const { value } = await tx
    .updateTable('settings')
    .set({
      value: sql<string>`cast(case when cast(value as bigint) < cast(${above} as bigint) then cast(${above} as bigint) + 1
        else cast(value as bigint) + 1 end as text)`,
    })
    .where('name', '=', 'epoch')
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(value);
}
