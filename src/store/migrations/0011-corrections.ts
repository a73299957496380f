/** Which corrections a series has told. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createCorrections(schema: SchemaModule, { orderByKey }: SqlDialect): Promise<void> {
  // By its words: another correction of the same post is told too, the same one never twice.
  await schema
    .createTable('corrections')
    .addColumn('series', 'text', (column) => column.notNull().references('series.name'))
    .addColumn('post', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .addColumn('digest', 'integer', (column) => column.notNull().references('digests.number'))
    .addPrimaryKeyConstraint('one_telling_per_correction', ['series', 'post', 'words'])
    .$call(orderByKey)
    .execute();
}
