/** The base of feeds, which their ids are made from: whoever writes it first has written it for good. */
import type { Kysely } from 'kysely';
import type { Connection } from './connection.ts';
import type { Tables } from './tables.ts';

export async function readFeedBase(db: Kysely<Tables>): Promise<string | null> {
  const rows = db.selectFrom('settings').select('value').where('name', '=', 'feed-base');
  return (await rows.executeTakeFirst())?.value ?? null;
}

/** Answers the one that counts: of two programs that fix it at once, both get the same. */
export async function fixFeedBase({ write }: Connection, base: string): Promise<string> {
  return await write(async (tx) => {
    await tx
      .insertInto('settings')
      .values({ name: 'feed-base', value: base })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const fixed = await readFeedBase(tx);
    if (fixed === null) throw new Error('the base of feeds was written and is not there');
    return fixed;
  });
}
