/** The list: who asked, and where each stands. No row is removed, so that an id in an old link never means somebody else. */
import { addressKey } from '../domain/address.ts';
import type { SubscriberList } from '../domain/store.ts';
import type { Subscriber, SubscriberState } from '../domain/subscriber.ts';
import { addSubscribers } from './add-subscribers.ts';
import { eraseAddress } from './erase-subscriber.ts';
import { countAudience } from './audience-groups.ts';
import { choose } from './choose.ts';
import type { Connection } from './connection.ts';
import { toMilliseconds } from './convert-times.ts';
import { comeBack } from './come-back.ts';
import { leave, suppressAddress, unsubscribe } from './end-subscription.ts';
import { foreseeArrivals } from './judge-arrivals.ts';
import { PAGE_ROWS, pageByKey } from './page-by-key.ts';
import { findSuppression, listStrangers } from './read-suppressions.ts';
import { completeSubscribers, type SubscriberRow } from './read-subscribers.ts';
import { readStories, readStory } from './story-records.ts';
import { takeOver } from './take-over.ts';

export function openSubscriberList(connection: Connection): SubscriberList {
  const { db, write, dialect } = connection;
  const complete = async (row: SubscriberRow | undefined): Promise<Subscriber | null> =>
    row === undefined ? null : ((await completeSubscribers(db, [row]))[0] ?? null);
  const select = () => db.selectFrom('subscribers').selectAll();

  return {
    add: (batch, now) =>
      write(async (tx) => {
        // Whoever suppresses an address meanwhile waits, and then finds its subscriber: else one could be added past the suppression.
        await dialect.oneAtATime(tx, 'suppressions');
        return await addSubscribers(tx, batch, toMilliseconds(now));
      }),
    takeOver: (batch, now) =>
      write(async (tx) => {
        await dialect.oneAtATime(tx, 'suppressions');
        return await takeOver(tx, batch, toMilliseconds(now));
      }),
    foresee: async (batch, now) => await foreseeArrivals(db, batch, toMilliseconds(now)),
    find: async (address) =>
      complete(await select().where('address_key', '=', addressKey(address)).executeTakeFirst()),
    byId: async (id) =>
      complete(await select().where('id', '=', id).where('state', '<>', 'erased').executeTakeFirst()),
    stories: (ids) => readStories(db, ids),
    suppression: (address) => findSuppression(db, addressKey(address)),
    strangers: () => listStrangers(db),
    list: (filter = {}) => listSubscribers(connection, filter.state),
    counts: () => countSubscribers(connection),
    audience: (series, now) => countAudience(db, { series, now: toMilliseconds(now) }),
    choose: (id, choice, line, now) =>
      write((tx) => choose(tx, id, choice, { ...line, at: now, kind: 'chose' })),
    story: (id) => readStory(db, id),
    unsubscribe: (id, reason, now) => write((tx) => unsubscribe(tx, id, reason, toMilliseconds(now))),
    leave: (id, reason, now) => write((tx) => leave(tx, dialect, id, reason, toMilliseconds(now))),
    comeBack: (id, leftAt, now) => write((tx) => comeBack(tx, dialect, id, leftAt, toMilliseconds(now))),
    suppress: (address, reason, now) =>
      write((tx) => suppressAddress(tx, address, reason, toMilliseconds(now))),
    erase: (address, source, now) =>
      write(async (tx) => {
        // Whoever adds or suppresses the address at this moment is waited for.
        await dialect.oneAtATime(tx, 'suppressions');
        return await eraseAddress(tx, address, source, toMilliseconds(now));
      }),
  };
}

function listSubscribers({ db }: Connection, state: SubscriberState | undefined): AsyncGenerator<Subscriber> {
  const fetch = async (after: number) => {
    const query = db
      .selectFrom('subscribers')
      .selectAll()
      .where('id', '>', after)
      .where('state', state === undefined ? '<>' : '=', state ?? 'erased');
    return completeSubscribers(db, await query.orderBy('id').limit(PAGE_ROWS).execute());
  };
  return pageByKey(fetch, ({ id }) => id);
}

async function countSubscribers({ db }: Connection): ReturnType<SubscriberList['counts']> {
  const rows = await db
    .selectFrom('subscribers')
    .select(['state', (expression) => expression.fn.countAll<number>().as('count')])
    .where('state', '<>', 'erased')
    .groupBy('state')
    .execute();
  const none = { pending: 0, active: 0, unsubscribed: 0, suppressed: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
}
