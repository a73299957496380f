/** What a subscriber chooses beside the series, and the story of each. Never edited once released: see `migrate.ts`. */
import type { SchemaModule } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createChoices(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  await schema
    .alterTable('subscribers')
    .addColumn('takes_all_tags', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await schema.alterTable('subscribers').addColumn('paused_until', 'bigint').execute();
  await createSubscriberTags(schema, dialect);
  await createStories(schema, dialect);
}

async function createSubscriberTags(
  schema: SchemaModule,
  { countedKey, orderByKey }: SqlDialect,
): Promise<void> {
  await schema
    .createTable('subscriber_tags')
    .addColumn('subscriber', countedKey.type, (column) => column.notNull().references('subscribers.id'))
    .addColumn('tag', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_choice_per_tag', ['subscriber', 'tag'])
    .$call(orderByKey)
    .execute();
}

async function createStories(schema: SchemaModule, { countedKey, orderByKey }: SqlDialect): Promise<void> {
  // Append-only: it is what shows, years later, that somebody asked for their mail.
  await schema
    .createTable('stories')
    .addColumn('subscriber', countedKey.type, (column) => column.notNull().references('subscribers.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .addColumn('origin', 'text')
    .addPrimaryKeyConstraint('one_line_per_number', ['subscriber', 'number'])
    .$call(orderByKey)
    .execute();
}
