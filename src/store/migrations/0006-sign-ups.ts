/** What readers ask for in forms, the notices they get, and the limits of visitors. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createSignUps(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  await createSignUpTable(schema, dialect);
  await createNotices(schema, dialect);
  await createVisitorLimits(schema, dialect);
}

async function createSignUpTable(schema: SchemaModule, { countedKey }: SqlDialect): Promise<void> {
  // An id is in the link of a confirmation: it never means another sign-up.
  await schema
    .createTable('sign_ups')
    .addColumn('id', countedKey.type, countedKey.define)
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('address_key', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('series', 'text')
    .addColumn('tags', 'text')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .addColumn('origin', 'text')
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('answered_at', 'bigint')
    .addColumn('subscriber', countedKey.type)
    .execute();
  await schema.createIndex('sign_ups_by_answer').on('sign_ups').columns(['answered_at', 'id']).execute();
  await schema.createIndex('sign_ups_by_time').on('sign_ups').column('asked_at').execute();
  await schema.createIndex('sign_ups_by_subscriber').on('sign_ups').column('subscriber').execute();
}

async function createNotices(schema: SchemaModule, { countedKey }: SqlDialect): Promise<void> {
  await schema
    .createTable('notices')
    .addColumn('id', countedKey.type, countedKey.define)
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('address_key', 'text', (column) => column.notNull())
    .addColumn('subscriber', countedKey.type, (column) => column.notNull())
    .addColumn('subject', 'bigint', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('link_key', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('fence', 'integer', (column) => column.notNull())
    .addColumn('worker', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_attempt_at', 'bigint')
    .addColumn('reply', 'text', (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('notices_by_turn').on('notices').columns(['next_attempt_at', 'id']).execute();
  await schema.createIndex('notices_by_address').on('notices').columns(['address_key', 'made_at']).execute();
  await schema.createIndex('notices_by_worker').on('notices').column('worker').execute();
}

async function createVisitorLimits(schema: SchemaModule, { orderByKey }: SqlDialect): Promise<void> {
  await schema
    .createTable('visitor_limits')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('used_until', 'bigint', (column) => column.notNull())
    .$call(orderByKey)
    .execute();
}
