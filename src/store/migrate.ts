/**
 * Brings a store's schema up to this program's, one migration per transaction together with its number: killed at any
 * moment, the store is at one schema or the next, never between. A new store is made in one transaction, whole or not at all.
 * A store from a newer program is refused untouched.
 */
import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { OperatorError } from '../domain/operator-error.ts';
import type { Connection } from './connection.ts';
import { MIGRATIONS, type Migration } from './migrations/all.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** `now` dates the first link key. */
export async function migrate(
  connection: Connection,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  // Asked first without a transaction: a store that is up to date opens while another program writes.
  let schema = await readSchema(connection.db, connection.dialect);
  refuseNewer(schema, migrations.length);
  while (schema < migrations.length) {
    schema = await connection.write((tx) =>
      connection.dialect.migrating(tx, () => takeNextSteps(tx, connection, now, migrations)),
    );
    refuseNewer(schema, migrations.length);
  }
}

/** All of them for a new store, which has nothing that one step might take long to change. */
async function takeNextSteps(...step: Parameters<typeof takeNextStep>): Promise<number> {
  const [tx, { dialect }, , migrations] = step;
  const isNew = (await readSchema(tx, dialect)) === 0;
  let schema = await takeNextStep(...step);
  const goal = isNew ? migrations.length : schema;
  while (schema < goal) schema = await takeNextStep(...step);
  return schema;
}

/** Another program may have been first: the step to take is looked up again inside its transaction. */
async function takeNextStep(
  tx: Transaction<Tables>,
  connection: Connection,
  now: number,
  migrations: readonly Migration[],
): Promise<number> {
  const schema = await readSchema(tx, connection.dialect);
  const migration = migrations[schema];
  if (migration === undefined) return schema;
  if (schema === 0) await createSettings(tx);
  await migration(tx.schema, connection.dialect, tx);
  if (schema === 0) await giveIdentity(tx, now);
  await tx
    .updateTable('settings')
    .set({ value: String(schema + 1) })
    .where('name', '=', 'schema')
    .execute();
  return schema + 1;
}

/** 0 for a database without tables. */
async function readSchema(db: Kysely<Tables>, { listTables }: SqlDialect): Promise<number> {
  const { rows } = await listTables.execute(db);
  if (rows.length === 0) return 0;
  const names = new Set(rows.map(({ name }) => name));
  // Every store has had these from its first schema on.
  if (!['settings', 'deliveries', 'link_keys'].every((name) => names.has(name))) {
    throw new OperatorError(
      'the database has tables of another program',
      'Give renga a database of its own as `database` in config/renga.yaml.',
    );
  }
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', 'schema')
    .executeTakeFirstOrThrow();
  return Number(row.value);
}

function refuseNewer(schema: number, known: number): void {
  if (schema <= known) return;
  throw new OperatorError(
    `the database was written by a newer renga (schema ${schema}; this one knows ${known})`,
    'Update renga, or restore the backup made before the update.',
  );
}

async function createSettings(tx: Transaction<Tables>): Promise<void> {
  await tx.schema
    .createTable('settings')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await tx.insertInto('settings').values({ name: 'schema', value: '0' }).execute();
}

/** What a store gets once and keeps: the id in its Message-IDs, and a first key for links. */
export async function giveIdentity(tx: Transaction<Tables>, now: number): Promise<void> {
  await tx
    .insertInto('settings')
    .values({ name: 'instance', value: randomBytes(8).toString('hex') })
    .execute();
  await tx
    .insertInto('link_keys')
    .values({ id: 0, secret: randomBytes(32), made_at: now })
    .execute();
}
