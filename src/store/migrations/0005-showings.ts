/** What posts are known by, and what readers were shown of them. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createShowings(schema: SchemaModule, { orderByKey }: SqlDialect): Promise<void> {
  await schema.alterTable('posts').addColumn('traits', 'text').execute();
  await schema.alterTable('posts').addColumn('shown_slug', 'text').execute();
  await schema.alterTable('posts').addColumn('shown_since', 'bigint').execute();
  await schema.alterTable('posts').addColumn('shown_until', 'bigint').execute();
  await schema.alterTable('posts').addColumn('in_feed', 'integer').execute();
  await schema.createIndex('posts_by_shown_slug').on('posts').column('shown_slug').execute();
  // Append-only but for the date: a page that had a post once leads to that post for good.
  await schema
    .createTable('former_pages')
    .addColumn('slug', 'text', (column) => column.notNull())
    .addColumn('post', 'text', (column) => column.notNull().references('posts.id'))
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_page_per_slug_and_post', ['slug', 'post'])
    .$call(orderByKey)
    .execute();
}
