/** The limits of some accounts during one claim: read once, counted in memory, written back before the transaction ends. */
import type { Transaction } from 'kysely';
import { type Account, type DomainLimit, intervalAt, limitFor } from '../domain/account.ts';
import { type Address, domainOf } from '../domain/address.ts';
import { afterTurn, lineUp, NEAR, type Pace, turnAt } from '../domain/pace.ts';
import { chooseShare, forgo, type Share } from '../domain/share.ts';
import type { WaitingDelivery } from './find-waiting.ts';
import { isKept } from './kept-turn.ts';
import { openRateBook, type RateBook } from './rate-book.ts';
import { ITSELF, type RateRow } from './rate-records.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

/** What becomes of a delivery. Times are microseconds. */
export type Placing =
  | { readonly kind: 'given'; readonly account: string; readonly at: number }
  | { readonly kind: 'in-line'; readonly comeAt: number }
  /** It waits for room, or for the limit of an account: nothing is noted. */
  | { readonly kind: 'left' };

export type OpenRates = {
  /** To be called before deliveries are placed. */
  readonly load: (deliveries: readonly WaitingDelivery[]) => Promise<void>;
  readonly place: (delivery: WaitingDelivery) => Placing;
  /** How many more can be given to all accounts together. */
  readonly roomLeft: () => number;
  /** When the next account's own limit lets a message go, if one that has room waits for that. Microseconds. */
  readonly nextAt: () => number | null;
  readonly served: () => Readonly<Record<string, number>>;
  readonly save: () => Promise<void>;
};

/** After the one message that tries a held domain: how long its answer may take. */
export const PROBE = 60_000_000;
/** Those who wait for a held domain come a little apart: the first of them is its next try. */
const HELD_SPACING = 50_000;
/** How long one connection carries one message, as a guess. */
const HAND_OVER = 1_000_000;

type Lane = { -readonly [Key in keyof Share]: Share[Key] } & { readonly busy: Record<string, number> };

type Spot = { readonly lane: Lane; readonly at: number | null; readonly domain: Turn };
type Turn = {
  readonly row: RateRow | null;
  readonly limit: DomainLimit | null;
  /** Null while none may go there through this account. */
  readonly at: number | null;
};

type Rates = { readonly book: RateBook; readonly lanes: readonly Lane[]; readonly time: number };

/** `now` in milliseconds. */
export async function openRates(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  shares: readonly Share[],
  now: number,
): Promise<OpenRates> {
  const lanes = shares.map((share): Lane => ({ ...share, busy: { ...share.busy } }));
  const book = openRateBook(
    tx,
    dialect,
    lanes.map(({ account }) => account.name),
  );
  const rates: Rates = { book, lanes, time: now * 1000 };
  const counted = lanes.filter(({ account }) => isCounted(account));
  await book.lock(
    [ITSELF],
    counted.map(({ account }) => ({ account: account.name, domain: ITSELF })),
  );
  return {
    load: (deliveries) => loadDomains(rates, deliveries),
    place: (delivery) => place(rates, delivery),
    roomLeft: () =>
      lanes.reduce((sum, lane) => sum + (turnOfAccount(rates, lane) === null ? 0 : lane.room), 0),
    nextAt: () => {
      const waiting = lanes.filter((lane) => lane.room > 0 && turnOfAccount(rates, lane) === null);
      const times = waiting.map(({ account }) => nextTurn(book.rowOf(account.name, ITSELF), rates.time));
      return times.length === 0 ? null : Math.min(...times);
    },
    served: () => Object.fromEntries(lanes.map(({ account, served }) => [account.name, served])),
    save: book.save,
  };
}

async function loadDomains({ book, lanes }: Rates, deliveries: readonly WaitingDelivery[]): Promise<void> {
  const unknown = new Map<string, Address>();
  for (const { address } of deliveries) {
    if (!book.isKnown(domainOf(address))) unknown.set(domainOf(address), address);
  }
  if (unknown.size === 0) return;
  const wanted = [...unknown].flatMap(([domain, address]) =>
    lanes.flatMap(({ account }) => (limitFor(account, address) ? [{ account: account.name, domain }] : [])),
  );
  await book.lock([...unknown.keys()], wanted);
}

function place(rates: Rates, delivery: WaitingDelivery): Placing {
  const spots = rates.lanes.map((lane): Spot => {
    return { lane, at: turnOfAccount(rates, lane), domain: turnOfDomain(rates, lane, delivery) };
  });
  const able = spots.filter(({ at, domain }) => at !== null && domain.at !== null);
  const chosen = chooseShare(able.map((spot) => ({ ...spot.lane, spot })))?.spot;
  if (!chosen) {
    const blocked = spots.filter(({ domain }) => domain.at === null);
    return blocked.length > 0 ? { kind: 'in-line', comeAt: putInLine(rates, blocked) } : { kind: 'left' };
  }
  if (chosen.lane.room === 0) return { kind: 'left' };
  for (const spot of spots) if (!able.includes(spot)) spot.lane.served = forgo(spot.lane, chosen.lane);
  return { kind: 'given', account: chosen.lane.account.name, at: give(rates, chosen, delivery) };
}

function turnOfAccount({ book, time }: Rates, { account }: Lane): number | null {
  const row = book.rowOf(account.name, ITSELF);
  if (row && isKept(row, time)) return null;
  return row ? turnAt(paceOf(row), time) : time;
}

function turnOfDomain({ book, time }: Rates, { account, busy }: Lane, delivery: WaitingDelivery): Turn {
  const domain = domainOf(delivery.address);
  const row = book.rowOf(account.name, domain);
  const limit = limitFor(account, delivery.address);
  const most = limit?.connections ?? null;
  const isFull = most !== null && (busy[domain] ?? 0) >= most;
  return { row, limit, at: isFull ? null : row ? turnAt(paceOf(row), time) : time };
}

function give({ book, time }: Rates, { lane, at, domain }: Spot, delivery: WaitingDelivery): number {
  const when = Math.max(at ?? time, domain.at ?? time);
  const itself = book.rowOf(lane.account.name, ITSELF);
  if (itself) book.write(useAccount(itself, lane.account, when, time / 1000));
  const name = domainOf(delivery.address);
  if (domain.row) book.write(useDomain(domain, domain.row, when, time, lane.busy[name] ?? 0));
  lane.busy[name] = (lane.busy[name] ?? 0) + 1;
  lane.room -= 1;
  lane.served += 1;
  return when;
}

/** In the line of the account where it is shortest. */
function putInLine({ book, time }: Rates, blocked: readonly Spot[]): number {
  const lines = blocked.flatMap(({ domain: { row, limit } }) =>
    row ? [{ row, ...lineUp(paceOf(row), spacingOf(row, limit), time) }] : [],
  );
  const [first] = lines.toSorted((one, other) => one.comeAt - other.comeAt);
  if (!first) return time + NEAR;
  book.write({ ...first.row, line_end: first.pace.lineEnd });
  return first.comeAt;
}

/** `at`: its turn, microseconds; `now`: milliseconds. What was kept for a notice, or taken by one, is over. */
export function useAccount(row: RateRow, account: Account, at: number, now: number): RateRow {
  const firstUsed = row.first_used_at ?? now;
  const interval = intervalAt(account, (now - firstUsed) * 1000);
  return { ...row, free_at: at + interval, first_used_at: firstUsed, line_end: 0 };
}

/** Whoever took a turn that was kept has taken it soon: it is worth another look. */
function nextTurn(row: RateRow | null, time: number): number {
  if (!row) return time;
  return isKept(row, time) ? Math.max(row.free_at, time) + NEAR : row.free_at;
}

function useDomain(turn: Turn, row: RateRow, at: number, now: number, busy: number): RateRow {
  const interval = row.holds > 0 ? PROBE : (turn.limit?.interval ?? 0);
  const pace = afterTurn(paceOf(row), at, interval, now);
  // Where only connections are limited, the line is over when none of them is at it.
  const lineEnd = interval > 0 ? pace.lineEnd : busy === 0 ? 0 : row.line_end;
  return { ...row, free_at: pace.freeAt, line_end: lineEnd };
}

function spacingOf(row: RateRow, limit: DomainLimit | null): number {
  if (row.holds > 0) return HELD_SPACING;
  const most = limit?.connections ?? null;
  const byConnections = most === null ? 0 : HAND_OVER / most;
  return Math.ceil(Math.max(limit?.interval ?? 0, byConnections, HELD_SPACING / 50));
}

export function isCounted({ interval, warmUp }: Account): boolean {
  return interval > 0 || warmUp.length > 0;
}

export function paceOf({ free_at, line_end }: RateRow): Pace {
  return { freeAt: free_at, lineEnd: line_end };
}
