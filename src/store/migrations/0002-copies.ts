/** What is fixed of messages that may have arrived. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createCopiesTable(
  schema: SchemaModule,
  { countedKey, orderByKey }: SqlDialect,
): Promise<void> {
  // Apart from the deliveries: it holds what is open and was tried, which is little, and never makes the rows of a million others longer.
  await schema
    .createTable('copies')
    .addColumn('digest', 'integer', (column) => column.notNull())
    .addColumn('subscriber', countedKey.type, (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('link_key', 'integer', (column) => column.notNull())
    .addColumn('seal', 'text')
    .addPrimaryKeyConstraint('one_copy_per_delivery', ['digest', 'subscriber'])
    .$call(orderByKey)
    .execute();
}
