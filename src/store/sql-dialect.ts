/**
 * All that differs between the databases. Queries are written once, in the SQL that SQLite and PostgreSQL share; where they
 * cannot be the same, they ask this.
 */
import {
  type ColumnDefinitionBuilder,
  type CreateTableBuilder,
  type RawBuilder,
  sql,
  type Transaction,
} from 'kysely';
import { primaryCodeOf } from './sqlite-code.ts';
import type { Tables } from './tables.ts';

export type SqlDialect = {
  /** Type of a column that holds bytes. */
  readonly bytes: RawBuilder<unknown>;
  /** Type and definition of a primary key that the database counts up and never gives out twice. */
  readonly countedKey: {
    readonly type: 'integer' | 'bigint';
    readonly define: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  };
  /** Keeps a table's rows in the order of its primary key, where the database can. */
  readonly orderByKey: <Name extends string>(table: CreateTableBuilder<Name>) => CreateTableBuilder<Name>;
  /** Whether several transactions may write at once, so that a claim must lock its rows and skip those locked by others. */
  readonly hasConcurrentWriters: boolean;
  /** Whether an error says "another writer is at it, try again": then nothing of the transaction happened. */
  readonly isBusy: (error: unknown) => boolean;
  /** Names of the tables that are there. */
  readonly listTables: RawBuilder<{ readonly name: string }>;
  /** Until the transaction ends, no other may add to this table; looks made after it see what others added before. */
  readonly oneAtATime: (tx: Transaction<Tables>, table: keyof Tables) => Promise<void>;
  /** To be called after many rows were added: else queries are planned as for the few there were before. */
  readonly learnSizes: (tx: Transaction<Tables>, table: keyof Tables) => Promise<void>;
  /** Until the transaction ends, no other may write to these tables. */
  readonly lockTables: (tx: Transaction<Tables>, tables: readonly (keyof Tables)[]) => Promise<void>;
  /** Lets nobody write to these tables ever again, also who has the database open: it was moved. */
  readonly refuseWrites: (tx: Transaction<Tables>, tables: readonly (keyof Tables)[]) => Promise<void>;
  /** Goes on counting a key after the greatest there is. */
  readonly continueCounting: (tx: Transaction<Tables>, table: keyof Tables, column: string) => Promise<void>;
  /** Runs a change of the schema, by one program at a time. */
  readonly migrating: <T>(tx: Transaction<Tables>, change: () => Promise<T>) => Promise<T>;
};

export const SQLITE: SqlDialect = {
  bytes: sql`blob`,
  // Without AUTOINCREMENT, SQLite gives the id of the last row again once that row is deleted.
  countedKey: { type: 'integer', define: (column) => column.primaryKey().autoIncrement() },
  orderByKey: (table) => table.modifyEnd(sql`without rowid`),
  // BEGIN IMMEDIATE lets one writer in at a time.
  hasConcurrentWriters: false,
  isBusy: (error) => primaryCodeOf(error) === SQLITE_BUSY,
  listTables: sql`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`,
  oneAtATime: async () => undefined,
  // Its plans follow the indexes, whatever the sizes.
  learnSizes: async () => undefined,
  lockTables: async () => undefined,
  refuseWrites: async (tx, tables) => {
    for (const table of tables) {
      for (const event of ['insert', 'update', 'delete']) {
        await sql`
          create trigger ${sql.ref(`moved_${table}_${event}`)} before ${sql.raw(event)} on ${sql.table(table)}
          begin select raise(abort, 'moved'); end
        `.execute(tx);
      }
    }
  },
  // AUTOINCREMENT counts what is inserted.
  continueCounting: async () => undefined,
  migrating: (_, change) => change(),
};

const SQLITE_BUSY = 5;
