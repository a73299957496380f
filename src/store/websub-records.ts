/** What WebSub must not forget: what was announced, whom the embedded hub serves, and the calls that are owed (`call-records.ts`). */
import type { Kysely, Transaction } from 'kysely';
import {
  type Call,
  type Callback,
  EMBEDDED_HUB,
  type HubLimits,
  type WebsubRecords,
} from '../domain/websub.ts';
import {
  claimCalls,
  hostOf,
  listFailing,
  oweCall,
  oweDeliveries,
  putOffHost,
  settleCall,
} from './call-records.ts';
import type { Connection } from './connection.ts';
import { toInstant, toInstantOrNull, toMilliseconds, toMillisecondsOrNull } from './convert-times.ts';
import type { Tables } from './tables.ts';
import { useLimits } from './visitor-limits.ts';

export function openWebsubRecords({ db, write, dialect }: Connection): WebsubRecords {
  return {
    announcements: () => db.selectFrom('announcements').selectAll().orderBy('hub').orderBy('topic').execute(),
    announce: (news, now) => write((tx) => announce(tx, news, toMilliseconds(now))),
    hasTopic: async (topic) => {
      const known = db.selectFrom('announcements').select('hash').where('topic', '=', topic);
      return (await known.where('hub', '=', EMBEDDED_HUB).executeTakeFirst()) !== undefined;
    },
    ask: (request, limits, now) =>
      write(async (tx) => {
        // Of two that ask at once, one sees the other.
        await dialect.oneAtATime(tx, 'callbacks');
        return await ask(tx, request, limits, toMilliseconds(now));
      }),
    claim: (order) => write((tx) => claimCalls(tx, dialect, order)),
    settle: async (call, nextAt, now) => {
      await write((tx) => settleCall(tx, call, toMillisecondsOrNull(nextAt), toMilliseconds(now)));
    },
    putOffHost: (call, nextAt, now) =>
      write((tx) => putOffHost(tx, call, toMilliseconds(nextAt), toMilliseconds(now))),
    failing: (most) => listFailing(db, most),
    confirm: (call, leaseUntil, now) => write((tx) => confirm(tx, call, leaseUntil, toMilliseconds(now))),
    endCallback: (topic, url) => write((tx) => endCallback(tx, topic, url)),
    callback: async (topic, url, now) => {
      const found = db.selectFrom('callbacks').select(['secret', 'lease_until']).where('topic', '=', topic);
      const row = await found
        .where('url', '=', url)
        .where('lease_until', '>', toMilliseconds(now))
        .executeTakeFirst();
      return row ? { topic, url, secret: row.secret, leaseUntil: toInstant(row.lease_until) } : null;
    },
    counts: (now) => count(db, toMilliseconds(now)),
    nextDue: () => findNextDue(db),
  };
}

async function confirm(
  tx: Transaction<Tables>,
  call: Call,
  leaseUntil: Temporal.Instant | null,
  now: number,
): Promise<void> {
  if ((await settleCall(tx, call, null, now)) !== 'settled') return;
  const secret = call.intent?.mode === 'subscribe' ? call.intent.secret : null;
  if (leaseUntil === null) await endCallback(tx, call.topic, call.target);
  else await serve(tx, { topic: call.topic, url: call.target, secret, leaseUntil });
}

/** One that is held is due again when its worker's time is over. */
async function findNextDue(db: Kysely<Tables>): Promise<Temporal.Instant | null> {
  const row = await db
    .selectFrom('calls')
    .select((expression) => {
      const isHeld = expression('claimed_until', '>', expression.ref('next_at'));
      const at = expression.case().when(isHeld).then(expression.ref('claimed_until'));
      return expression.fn.min<number | null>(at.else(expression.ref('next_at')).end()).as('due');
    })
    .executeTakeFirst();
  return toInstantOrNull(row?.due ?? null);
}

async function announce(
  tx: Transaction<Tables>,
  news: Parameters<WebsubRecords['announce']>[0],
  now: number,
): Promise<void> {
  await forgetExpired(tx, now);
  for (const { hub, topic, hash } of news) {
    await tx
      .insertInto('announcements')
      .values({ hub, topic, hash })
      .onConflict((conflict) => conflict.columns(['hub', 'topic']).doUpdateSet({ hash }))
      .execute();
    if (hub === EMBEDDED_HUB) await oweDeliveries(tx, topic, now);
    else await oweCall(tx, { kind: 'ping', topic, target: hub, intent: null }, now);
  }
}

async function ask(
  tx: Transaction<Tables>,
  { topic, callback, intent }: Parameters<WebsubRecords['ask']>[0],
  limits: HubLimits,
  now: number,
): Promise<'taken' | 'full' | 'limited'> {
  await forgetExpired(tx, now);
  if ((await useLimits(tx, limits.visitors ?? [], now)) !== null) return 'limited';
  if (intent.mode === 'subscribe' && !(await hasRoom(tx, topic, callback, limits))) return 'full';
  await oweCall(tx, { kind: 'verify', topic, target: callback, intent }, now);
  return 'taken';
}

async function hasRoom(
  tx: Transaction<Tables>,
  topic: string,
  callback: string,
  limits: HubLimits,
): Promise<boolean> {
  const served = tx.selectFrom('callbacks').select('host').where('topic', '=', topic);
  if (await served.where('url', '=', callback).executeTakeFirst()) return true;
  const host = hostOf(callback);
  const callbacks = tx.selectFrom('callbacks').select((all) => all.fn.countAll<number>().as('number'));
  const asking = tx
    .selectFrom('calls')
    .select((all) => all.fn.countAll<number>().as('number'))
    .where('kind', '=', 'verify');
  const sum = async (...queries: readonly (typeof callbacks | typeof asking)[]): Promise<number> => {
    const rows = await Promise.all(queries.map((query) => query.executeTakeFirstOrThrow()));
    return rows.reduce((total, { number }) => total + number, 0);
  };
  const ofHost = await sum(callbacks.where('host', '=', host), asking.where('host', '=', host));
  return ofHost < limits.perHost && (await sum(callbacks, asking)) < limits.all;
}

async function serve(tx: Transaction<Tables>, { topic, url, secret, leaseUntil }: Callback): Promise<void> {
  const lease = { secret, lease_until: toMilliseconds(leaseUntil) };
  await tx
    .insertInto('callbacks')
    .values({ topic, url, host: hostOf(url), ...lease })
    .onConflict((conflict) => conflict.columns(['topic', 'url']).doUpdateSet(lease))
    .execute();
}

async function endCallback(tx: Transaction<Tables>, topic: string, url: string): Promise<void> {
  await tx.deleteFrom('callbacks').where('topic', '=', topic).where('url', '=', url).execute();
  await tx
    .deleteFrom('calls')
    .where('kind', '=', 'deliver')
    .where('topic', '=', topic)
    .where('target', '=', url)
    .execute();
}

async function forgetExpired(tx: Transaction<Tables>, now: number): Promise<void> {
  await tx.deleteFrom('callbacks').where('lease_until', '<=', now).execute();
}

async function count(db: Kysely<Tables>, now: number): ReturnType<WebsubRecords['counts']> {
  const { number: callbacks } = await db
    .selectFrom('callbacks')
    .select((all) => all.fn.countAll<number>().as('number'))
    .where('lease_until', '>', now)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('calls')
    .select((all) => ['kind', all.fn.countAll<number>().as('number')])
    .groupBy('kind')
    .execute();
  return {
    callbacks,
    ping: 0,
    verify: 0,
    deliver: 0,
    ...Object.fromEntries(rows.map((row) => [row.kind, row.number])),
  };
}
