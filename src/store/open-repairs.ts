/** What a person does to the ledger by hand. */
import type { Repairs } from '../domain/store.ts';
import { cancelDigest } from './cancel-digest.ts';
import type { Connection } from './connection.ts';
import { toMilliseconds } from './convert-times.ts';
import { recoverStore } from './recover-store.ts';
import { resolveDeliveries } from './resolve-deliveries.ts';

export function openRepairs({ db, write, dialect }: Connection): Repairs {
  return {
    undecided: async (digest) => {
      const row = await db
        .selectFrom('deliveries')
        .select((expression) => expression.fn.countAll<number>().as('number'))
        .where('state', '=', 'in-doubt')
        .where('digest', '=', digest)
        .where('next_attempt_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return row.number;
    },
    resolve: (order) => write((tx) => resolveDeliveries(tx, order, toMilliseconds(order.now))),
    cancel: (digest, now) => write((tx) => cancelDigest(tx, digest, toMilliseconds(now))),
    recover: (order) =>
      write(async (tx) => {
        await dialect.oneAtATime(tx, 'digests');
        return await recoverStore(tx, order);
      }),
  };
}
