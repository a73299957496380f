/** An open database as the parts of the store see it, whichever database it is. */
import type { Kysely, Transaction } from 'kysely';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

export type Connection = {
  readonly dialect: SqlDialect;
  /** For queries that read. */
  readonly db: Kysely<Tables>;
  /**
   * Runs `work` in one durable transaction; again from its start when another writer was in the way or the line was lost, so it must have no other
   * effects. `again`: an earlier try may have been committed, and only the answer was lost.
   */
  readonly write: <T>(work: (tx: Transaction<Tables>, again: boolean) => Promise<T>) => Promise<T>;
  /** Turns an error into an OperatorError, where a person can put it right; for what is not asked through `write`. */
  readonly explain: (error: unknown) => unknown;
  /** See `Store.backup`. */
  readonly backup: (file: string) => Promise<void>;
  readonly close: () => Promise<void>;
};
