/** The rows of `rates` that a claim needs: each read and locked once, changed in memory, written back at its end. */
import type { Transaction } from 'kysely';
import { lockRates, type RateRow, saveRate } from './rate-records.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

type Key = Pick<RateRow, 'account' | 'domain'>;

export type RateBook = {
  /** Reads the rows of these domains; those that are `wanted` are there afterwards. */
  readonly lock: (domains: readonly string[], wanted: readonly Key[]) => Promise<void>;
  /** Whether the domain's rows were read. */
  readonly isKnown: (domain: string) => boolean;
  readonly rowOf: (account: string, domain: string) => RateRow | null;
  readonly write: (row: RateRow) => void;
  readonly save: () => Promise<void>;
};

export function openRateBook(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  accounts: readonly string[],
): RateBook {
  const rows = new Map<string, RateRow>();
  const known = new Set<string>();
  const changed = new Set<string>();
  return {
    lock: async (domains, wanted) => {
      for (const row of await lockRates(tx, dialect, accounts, domains, wanted)) rows.set(keyOf(row), row);
      for (const domain of domains) known.add(domain);
    },
    isKnown: (domain) => known.has(domain),
    rowOf: (account, domain) => rows.get(keyOf({ account, domain })) ?? null,
    write: (row) => {
      rows.set(keyOf(row), row);
      changed.add(keyOf(row));
    },
    save: async () => {
      for (const key of changed) {
        const row = rows.get(key);
        if (row) await saveRate(tx, row);
      }
    },
  };
}

/** No domain has a line feed. */
function keyOf({ account, domain }: Key): string {
  return `${domain}\n${account}`;
}
