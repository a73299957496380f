/** How far the limits are used up, for each account and each domain it writes to. Shared by all programs on the store. */
import type { Kysely, Transaction } from 'kysely';
import { NEAR } from '../domain/pace.ts';
import type { Hold } from '../domain/share.ts';
import { toMilliseconds } from './convert-times.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

export type RateRow = Tables['rates'];

/** The account itself, in the place of a domain. */
export const ITSELF = '';

const MICROSECONDS = 1000;

/** The rows of these accounts for these domains, locked until the transaction ends; those in `wanted` are made if they are not there. */
export async function lockRates(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  accounts: readonly string[],
  domains: readonly string[],
  wanted: readonly Pick<RateRow, 'account' | 'domain'>[],
): Promise<readonly RateRow[]> {
  if (wanted.length > 0) {
    const fresh = { free_at: 0, line_end: 0, first_used_at: null, holds: 0 };
    await tx
      .insertInto('rates')
      .values(wanted.map((key) => ({ ...key, ...fresh })))
      .onConflict((conflict) => conflict.columns(['account', 'domain']).doNothing())
      .execute();
  }
  // In one order, so that two programs never wait for each other.
  return await tx
    .selectFrom('rates')
    .selectAll()
    .where('account', 'in', accounts)
    .where('domain', 'in', domains)
    .orderBy('account')
    .orderBy('domain')
    .$if(dialect.hasConcurrentWriters, (query) => query.forUpdate())
    .execute();
}

export async function saveRate(tx: Transaction<Tables>, rate: RateRow): Promise<void> {
  const { account, domain, ...rest } = rate;
  await tx
    .updateTable('rates')
    .set(rest)
    .where('account', '=', account)
    .where('domain', '=', domain)
    .execute();
}

export async function readHolds(db: Kysely<Tables>): Promise<readonly Hold[]> {
  const rows = await db.selectFrom('rates').selectAll().where('holds', '>', 0).execute();
  return rows.map(({ account, domain, free_at, holds }) => ({
    account,
    domain,
    until: Temporal.Instant.fromEpochMilliseconds(Math.ceil(free_at / MICROSECONDS)),
    times: holds,
  }));
}

/** Those who wait in line for the domain come when they were told to, and are told anew. */
export async function writeHold(tx: Transaction<Tables>, hold: Hold): Promise<void> {
  const row = { free_at: toMilliseconds(hold.until) * MICROSECONDS, line_end: 0, holds: hold.times };
  await tx
    .insertInto('rates')
    .values({ account: hold.account, domain: hold.domain, first_used_at: null, ...row })
    .onConflict((conflict) => conflict.columns(['account', 'domain']).doUpdateSet(row))
    .execute();
}

/** Its limit, if it has one, goes on from `now`. */
export async function endHold(
  tx: Transaction<Tables>,
  { account, domain }: Pick<Hold, 'account' | 'domain'>,
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .updateTable('rates')
    .set({ holds: 0, free_at: toMilliseconds(now) * MICROSECONDS + NEAR, line_end: 0 })
    .where('account', '=', account)
    .where('domain', '=', domain)
    .where('holds', '>', 0)
    .execute();
}
