/** A turn for one notice, under the same limits as the messages of digests: see `NoticeBox.takeTurn`. Rows of `rates` are locked in the order of `share`. */
import type { Transaction } from 'kysely';
import { type Account, limitFor } from '../domain/account.ts';
import { type Address, domainOf } from '../domain/address.ts';
import type { NoticeTurn } from '../domain/notice-box.ts';
import { afterTurn, turnAt } from '../domain/pace.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { afterNotice, keepTurn } from './kept-turn.ts';
import { isCounted, paceOf, PROBE, useAccount } from './open-rates.ts';
import { openRateBook, type RateBook } from './rate-book.ts';
import { ITSELF, type RateRow } from './rate-records.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

type Order = {
  readonly accounts: readonly Account[];
  readonly address: Address;
  readonly now: Temporal.Instant;
};

/** One account with its rows; null where nothing is counted. Times are microseconds. */
type Spot = {
  readonly account: Account;
  readonly itself: RateRow | null;
  readonly domain: RateRow | null;
  /** When it may go by each; null while it must wait. */
  readonly at: number | null;
  readonly domainAt: number | null;
};

export async function takeNoticeTurn(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  { accounts, address, now }: Order,
): Promise<NoticeTurn> {
  const time = toMilliseconds(now) * 1000;
  const names = accounts.map(({ name }) => name);
  const book = openRateBook(tx, dialect, names);
  const domain = domainOf(address);
  await book.lock(
    [ITSELF, domain],
    accounts.flatMap((account) => [
      ...(isCounted(account) ? [{ account: account.name, domain: ITSELF }] : []),
      ...(limitFor(account, address) ? [{ account: account.name, domain }] : []),
    ]),
  );
  const spots = accounts.map((account) => lookAt(book, account, domain, time));
  const turn = takeSoonest(book, spots, address, time) ?? waitForNext(book, spots, time);
  await book.save();
  return turn;
}

function lookAt(book: RateBook, account: Account, name: string, time: number): Spot {
  const itself = book.rowOf(account.name, ITSELF);
  const domain = book.rowOf(account.name, name);
  return {
    account,
    itself,
    domain,
    at: itself ? turnAt(paceOf(itself), time) : time,
    domainAt: domain ? turnAt(paceOf(domain), time) : time,
  };
}

function takeSoonest(
  book: RateBook,
  spots: readonly Spot[],
  address: Address,
  time: number,
): NoticeTurn | null {
  const able = spots.flatMap((spot) =>
    spot.at === null || spot.domainAt === null ? [] : [{ spot, when: Math.max(spot.at, spot.domainAt) }],
  );
  const [first] = able.toSorted((one, other) => one.when - other.when);
  if (!first) return null;
  const { spot, when } = first;
  const { account, itself, domain } = spot;
  if (itself) book.write(afterNotice(useAccount(itself, account, when, time / 1000)));
  const isTry = (domain?.holds ?? 0) > 0;
  if (domain) {
    const interval = isTry ? PROBE : (limitFor(account, address)?.interval ?? 0);
    const pace = afterTurn(paceOf(domain), when, interval, time);
    book.write({ ...domain, free_at: pace.freeAt, line_end: pace.lineEnd });
  }
  return { kind: 'now', account: account.name, notBefore: toTurn(when), isTry };
}

function waitForNext(book: RateBook, spots: readonly Spot[], time: number): NoticeTurn {
  // Where its domain lets it in, the account is all that it waits for.
  const waiting = spots.filter(({ domainAt }) => domainAt !== null);
  for (const { itself } of waiting) if (itself) book.write(keepTurn(itself, time));
  const because = waiting.length > 0 ? 'account' : 'domain';
  const times = spots.map(({ itself, domain }) => Math.max(itself?.free_at ?? time, domain?.free_at ?? time));
  return { kind: 'later', at: toTurn(Math.min(...times)), because };
}

/** Never earlier than it is. */
function toTurn(microseconds: number): Temporal.Instant {
  return toInstant(Math.ceil(microseconds / 1000));
}
