/** Which posts each archive document of the feed has. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createVolumes(schema: SchemaModule, { orderByKey }: SqlDialect): Promise<void> {
  await schema
    .createTable('volumes')
    .addColumn('number', 'integer', (column) => column.notNull().primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .$call(orderByKey)
    .execute();
  // Append-only: RFC 5005 §4, the set of an archive document does not change. The key keeps a post out of a second one.
  await schema
    .createTable('volume_posts')
    .addColumn('post', 'text', (column) => column.notNull().primaryKey().references('posts.id'))
    .addColumn('volume', 'integer', (column) => column.notNull().references('volumes.number'))
    .$call(orderByKey)
    .execute();
}
