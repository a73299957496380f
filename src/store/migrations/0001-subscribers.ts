/** Who takes the digests, who must not get them, and the keys that sign their links. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createSubscriberTables(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  await createSubscribers(schema, dialect);
  await createCadences(schema, dialect);
  await createSuppressions(schema);
  await createLinkKeys(schema, dialect);
}

async function createSubscribers(schema: SchemaModule, { countedKey }: SqlDialect): Promise<void> {
  // Two spellings of one mailbox are one subscriber; a number once given never means somebody else, for links name it for ever.
  await schema
    .createTable('subscribers')
    .addColumn('id', countedKey.type, countedKey.define)
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('address_key', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('takes_all', 'integer', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('end_reason', 'text')
    .execute();
  await schema.createIndex('subscribers_by_state').on('subscribers').columns(['state', 'id']).execute();
}

async function createCadences(schema: SchemaModule, { countedKey, orderByKey }: SqlDialect): Promise<void> {
  await schema
    .createTable('cadences')
    .addColumn('subscriber', countedKey.type, (column) => column.notNull().references('subscribers.id'))
    .addColumn('series', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_cadence_per_series', ['subscriber', 'series'])
    .$call(orderByKey)
    .execute();
}

async function createSuppressions(schema: SchemaModule): Promise<void> {
  // Apart from the subscribers, so that an address stays suppressed when its subscriber is erased or never was one.
  await schema
    .createTable('suppressions')
    .addColumn('address_key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .execute();
}

async function createLinkKeys(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  await schema
    .createTable('link_keys')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('secret', dialect.bytes, (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .execute();
}
