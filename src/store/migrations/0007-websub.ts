/** What hubs were told, whom the embedded hub serves, and which calls are owed. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createWebsubTables(schema: SchemaModule, { orderByKey }: SqlDialect): Promise<void> {
  await schema
    .createTable('announcements')
    .addColumn('hub', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_announcement_per_hub', ['hub', 'topic'])
    .$call(orderByKey)
    .execute();
  await schema
    .createTable('callbacks')
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('secret', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_callback_per_topic', ['topic', 'url'])
    .$call(orderByKey)
    .execute();
  await schema.createIndex('callbacks_by_host').on('callbacks').column('host').execute();
  await createCalls(schema, orderByKey);
}

async function createCalls(schema: SchemaModule, orderByKey: SqlDialect['orderByKey']): Promise<void> {
  // One row for what is owed to one server about one topic, however often it changed: what is told is how things stand then.
  await schema
    .createTable('calls')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('intent', 'text')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('fence', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('claimed_until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_call_per_target', ['kind', 'topic', 'target'])
    .$call(orderByKey)
    .execute();
  await schema.createIndex('calls_by_time').on('calls').columns(['next_at']).execute();
  await schema.createIndex('calls_by_host').on('calls').columns(['host', 'kind']).execute();
}
