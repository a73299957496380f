/** Which posts each content of a digest holds: what its subscribers had. Never edited once released: see `migrate.ts`. */
import { type SchemaModule, sql, type Transaction } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';
import type { Tables } from '../tables.ts';

export async function createContentPosts(
  schema: SchemaModule,
  { orderByKey }: SqlDialect,
  tx: Transaction<Tables>,
): Promise<void> {
  // By post first: before a freeze it is asked which digests have carried its posts.
  await schema
    .createTable('content_posts')
    .addColumn('post', 'text', (column) => column.notNull())
    .addColumn('digest', 'integer', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_row_per_post_of_content', ['post', 'digest', 'content'])
    .addForeignKeyConstraint('posts_of_contents', ['digest', 'content'], 'digest_contents', ['digest', 'key'])
    .$call(orderByKey)
    .execute();
  await schema
    .createIndex('content_posts_by_content')
    .on('content_posts')
    .columns(['digest', 'content'])
    .execute();
  // Few choose tags: whether anybody did is found without reading the list.
  await schema
    .createIndex('subscribers_with_tags')
    .on('subscribers')
    .column('id')
    .where(sql.ref('takes_all_tags'), '=', sql.lit(0))
    .execute();
  // Until now every content held the whole digest.
  await sql`
    insert into content_posts (post, digest, content)
    select series_posts.post, digest_contents.digest, digest_contents.key
    from digest_contents join series_posts on series_posts.digest = digest_contents.digest
  `.execute(tx);
}
