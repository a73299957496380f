/** The ledger of deliveries, which is also the queue, and who works on it. Never edited once released: see `migrate.ts`. */
import { type SchemaModule, sql } from 'kysely';
import type { SqlDialect } from '../sql-dialect.ts';

export async function createLedgerTables(schema: SchemaModule, dialect: SqlDialect): Promise<void> {
  await createWorkers(schema);
  await createDeliveries(schema, dialect);
  await createDeliveryIndexes(schema);
  await createAttempts(schema, dialect);
  await createPauses(schema);
}

async function createWorkers(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('workers')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('boot', 'text', (column) => column.notNull())
    .addColumn('pid', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('enlisted_at', 'bigint', (column) => column.notNull())
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .execute();
}

async function createDeliveries(schema: SchemaModule, { countedKey, orderByKey }: SqlDialect): Promise<void> {
  // The key is the promise: one digest, one subscriber, one delivery.
  await schema
    .createTable('deliveries')
    .addColumn('digest', 'integer', (column) => column.notNull().references('digests.number'))
    .addColumn('subscriber', countedKey.type, (column) => column.notNull().references('subscribers.id'))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('fence', 'integer', (column) => column.notNull())
    .addColumn('worker', 'text', (column) => column.references('workers.id'))
    .addColumn('first_claimed_at', 'bigint')
    .addColumn('next_attempt_at', 'bigint')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('doubted', 'integer', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_delivery_per_subscriber', ['digest', 'subscriber'])
    .$call(orderByKey)
    .execute();
}

async function createDeliveryIndexes(schema: SchemaModule): Promise<void> {
  // The queue. It holds only what waits: a claim costs the same whatever has been settled or withdrawn before.
  await schema
    .createIndex('deliveries_waiting')
    .on('deliveries')
    .columns(['state', 'digest', 'next_attempt_at', 'subscriber'])
    .where(sql.ref('next_attempt_at'), 'is not', null)
    .execute();
  // What workers hold: as many rows as there are open connections, found at once when a worker dies.
  await schema
    .createIndex('deliveries_held')
    .on('deliveries')
    .columns(['worker', 'digest', 'subscriber'])
    .where(sql.ref('worker'), 'is not', null)
    .execute();
}

async function createAttempts(schema: SchemaModule, { countedKey, orderByKey }: SqlDialect): Promise<void> {
  // Only ever added to: what a server said once is never rewritten.
  await schema
    .createTable('attempts')
    .addColumn('digest', 'integer', (column) => column.notNull())
    .addColumn('subscriber', countedKey.type, (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('fence', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('reply', 'text', (column) => column.notNull())
    .addColumn('enhanced_code', 'text')
    .addPrimaryKeyConstraint('one_row_per_attempt', ['digest', 'subscriber', 'number'])
    .addForeignKeyConstraint('attempts_of_deliveries', ['digest', 'subscriber'], 'deliveries', [
      'digest',
      'subscriber',
    ])
    .$call(orderByKey)
    .execute();
}

async function createPauses(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('pauses')
    .addColumn('scope', 'text', (column) => column.primaryKey().notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('hint', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint')
    .execute();
}
