/**
 * What is PostgreSQL's own: see `sql-dialect.ts`. Every transaction runs READ COMMITTED, and that is enough, for each promise rests on a constraint
 * or on a lock that outlives the look: a claim locks its rows and skips locked ones; mark, settle and release change a row only while its state
 * and fence are those they expect, which PostgreSQL looks at again when it had to wait for the row; a mark holds the subscriber's row until it is
 * durable, so an unsubscribe is answered before it or after it; a digest is frozen, a batch of subscribers added and a schema
 * migrated by one program at a time, who looks after it has the lock.
 */
import { sql, type Transaction } from 'kysely';
import { stateOf } from './postgres-errors.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** Serialization failure, deadlock, lock timeout: nothing of the transaction happened (PostgreSQL, appendix A). */
const BUSY = new Set(['40001', '40P01', '55P03']);
/** `Rnga`, as in SQLite's application id: the advisory lock of whoever migrates. */
const MIGRATION_LOCK = 0x52_6e_67_61;

export const POSTGRES: SqlDialect = {
  bytes: sql`bytea`,
  countedKey: {
    type: 'bigint',
    // By default, so that a moved list keeps the numbers that its links name.
    define: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  },
  orderByKey: (table) => table,
  hasConcurrentWriters: true,
  isBusy: (error) => BUSY.has(stateOf(error) ?? ''),
  listTables: sql`select tablename as name from pg_tables where schemaname = current_schema()`,
  oneAtATime: async (tx, table) => {
    // Readers, and the checks of references, go on meanwhile.
    await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(tx);
  },
  learnSizes: async (tx, table) => {
    await sql`analyze ${sql.table(table)}`.execute(tx);
  },
  lockTables: async (tx, tables) => {
    await sql`lock table ${sql.join(tables.map((table) => sql.table(table)))} in exclusive mode`.execute(tx);
  },
  refuseWrites: async (tx, tables) => {
    await sql`
      create function renga_moved() returns trigger language plpgsql as
      $$ begin raise exception 'moved' using errcode = 'RG001'; end $$
    `.execute(tx);
    for (const table of tables) {
      await sql`
        create trigger renga_moved before insert or update or delete on ${sql.table(table)}
        for each statement execute function renga_moved()
      `.execute(tx);
    }
  },
  continueCounting: async (tx, table, column) => {
    await sql`
      select setval(pg_get_serial_sequence(${table}, ${column}), coalesce(max(${sql.ref(column)}), 0) + 1, false)
      from ${sql.table(table)}
    `.execute(tx);
  },
  migrating: async (tx, change) => {
    // Its tables may not be there yet, so there is no row to lock.
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx);
    const result = await change();
    await sortByBytes(tx);
    return result;
  },
};

/** Text sorts as in SQLite, by bytes, whatever the database's language; and no upgrade of the system's language data can break an index. */
async function sortByBytes(tx: Transaction<Tables>): Promise<void> {
  // As one statement for each table, for each rebuilds the indexes.
  const { rows } = await sql<{ table: string; changes: string }>`
    select pg_class.oid::regclass::text as "table",
      string_agg(format('alter column %I type text collate "C"', attname), ', ' order by attnum) as changes
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and not attisdropped
      and atttypid = 'text'::regtype and attcollation <> 'pg_catalog."C"'::regcollation
    group by pg_class.oid
  `.execute(tx);
  for (const { table, changes } of rows) await sql.raw(`alter table ${table} ${changes}`).execute(tx);
}
