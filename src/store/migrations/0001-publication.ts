/** What the publication has been through: its posts' identities, its series, slots and digests. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createPublicationTables(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  await createPosts(schema);
  await createSeries(schema);
  await createDigests(schema, dialect);
  await createSeriesPosts(schema, dialect);
  await createSlots(schema);
}

async function createPosts(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('posts')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('slug', 'text', (column) => column.notNull())
    .addColumn('file_hash', 'text', (column) => column.notNull())
    .addColumn('content_hash', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint')
    .execute();
}

async function createSeries(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('series')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('considered_until', 'bigint', (column) => column.notNull())
    .execute();
}

async function createDigests(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  // One digest per slot, whoever freezes it and however often.
  await schema
    .createTable('digests')
    .addColumn('number', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('series', 'text', (column) => column.notNull().references('series.name'))
    .addColumn('slot', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('frozen_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('one_digest_per_slot', ['series', 'slot'])
    .execute();
  await schema
    .createTable('digest_contents')
    .addColumn('digest', 'integer', (column) => column.notNull().references('digests.number'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('html', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('folded', 'text', (column) => column.notNull())
    .addColumn('mime', dialect.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('one_content_per_key', ['digest', 'key'])
    .execute();
}

async function createSeriesPosts(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  // A series carries a post once: two programs that freeze the same posts into two digests cannot both succeed.
  await schema
    .createTable('series_posts')
    .addColumn('series', 'text', (column) => column.notNull().references('series.name'))
    .addColumn('post', 'text', (column) => column.notNull())
    .addColumn('digest', 'integer', (column) => column.references('digests.number'))
    .addColumn('position', 'integer')
    .addColumn('title', 'text')
    .addPrimaryKeyConstraint('one_carrying_per_post', ['series', 'post'])
    .$call(dialect.orderByKey)
    .execute();
  await schema.createIndex('posts_of_digest').on('series_posts').columns(['digest', 'position']).execute();
}

async function createSlots(schema: SchemaModule): Promise<void> {
  // The name is the key: autumn's repeated hour, or a second program, adds nothing.
  await schema
    .createTable('slots')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('series', 'text', (column) => column.notNull().references('series.name'))
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('digest', 'integer', (column) => column.references('digests.number'))
    .addColumn('decided_at', 'bigint')
    .execute();
  await schema.createIndex('slots_by_state').on('slots').columns(['state', 'due_at']).execute();
}
