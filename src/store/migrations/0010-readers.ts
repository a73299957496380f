/** Who reads the feeds. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

/** No column for an address: what is not kept cannot be told. */
export async function createReadersTable(schema: SchemaModule, { orderByKey }: SqlDialect): Promise<void> {
  await schema
    .createTable('feed_readers')
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('worker', 'text', (column) => column.notNull())
    .addColumn('reader', 'text', (column) => column.notNull())
    .addColumn('feed', 'text', (column) => column.notNull())
    .addColumn('subscribers', 'integer')
    .addColumn('requests', 'bigint', (column) => column.notNull())
    .addColumn('conditional', 'bigint', (column) => column.notNull())
    .addColumn('unchanged', 'bigint', (column) => column.notNull())
    .addColumn('deltas', 'bigint', (column) => column.notNull())
    .addColumn('refused', 'bigint', (column) => column.notNull())
    .addColumn('sent', 'bigint', (column) => column.notNull())
    .addColumn('saved_unchanged', 'bigint', (column) => column.notNull())
    .addColumn('saved_deltas', 'bigint', (column) => column.notNull())
    .addColumn('saved_codings', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_count_per_day', ['day', 'worker', 'reader', 'feed'])
    .$call(orderByKey)
    .execute();
}
