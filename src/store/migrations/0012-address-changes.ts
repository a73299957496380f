/** Changes of address that both ends have not agreed to yet. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createAddressChanges(schema: SchemaModule, { countedKey }: SqlDialect): Promise<void> {
  // An id is in the links of two notices: it never means another change.
  await schema
    .createTable('address_changes')
    .addColumn('id', countedKey.type, countedKey.define)
    .addColumn('subscriber', countedKey.type, (column) => column.notNull().references('subscribers.id'))
    .addColumn('from_address', 'text', (column) => column.notNull())
    .addColumn('to_address', 'text', (column) => column.notNull())
    .addColumn('to_key', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('old_agreed_at', 'bigint')
    .addColumn('new_agreed_at', 'bigint')
    .execute();
  await schema
    .createIndex('address_changes_by_subscriber')
    .on('address_changes')
    .column('subscriber')
    .execute();
}
