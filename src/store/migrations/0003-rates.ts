/** How far the limits of accounts are used up. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createRatesTable(schema: SchemaModule, { orderByKey }: SqlDialect): Promise<void> {
  // In the database, so that all workers together keep a limit, and a restart does not begin it anew. A domain of '' is the account itself.
  await schema
    .createTable('rates')
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('domain', 'text', (column) => column.notNull())
    .addColumn('free_at', 'bigint', (column) => column.notNull())
    .addColumn('line_end', 'bigint', (column) => column.notNull())
    .addColumn('first_used_at', 'bigint')
    .addColumn('holds', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_rate_per_domain', ['account', 'domain'])
    .$call(orderByKey)
    .execute();
}
