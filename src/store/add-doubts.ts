/** Notes an attempt that ended in doubt for deliveries that nobody saw the end of. */
import { type Expression, type ExpressionBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** One attempt for each chosen delivery, with `reply` in place of the server's words. To be called before the states change, so that the reason is never missing. */
export async function addDoubts(
  tx: Transaction<Tables>,
  { reply, now }: { readonly reply: string; readonly now: number },
  choose: (expression: ExpressionBuilder<Tables, 'deliveries'>) => Expression<SqlBool>,
): Promise<void> {
  await tx
    .insertInto('attempts')
    .columns(['digest', 'subscriber', 'number', 'fence', 'at', 'outcome', 'reply', 'enhanced_code'])
    .expression(
      tx
        .selectFrom('deliveries')
        .select([
          'digest',
          'subscriber',
          sql<number>`attempts + 1`.as('number'),
          'fence',
          sql<number>`cast(${now} as bigint)`.as('at'),
          sql.lit('in-doubt').as('outcome'),
          sql<string>`cast(${reply} as text)`.as('reply'),
          sql<string | null>`cast(null as text)`.as('enhanced_code'),
        ])
        .where(choose),
    )
    .execute();
}
