/** The mark: the last word before the final dot. True only while the claim is still its holder's and the subscriber still wants the message. */
import type { Transaction } from 'kysely';
import type { MarkedClaim } from '../domain/delivery.ts';
import type { Copy } from '../domain/message.ts';
import { keepCopy } from './copy-records.ts';
import { prepareQuery } from './prepare-query.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';
import { withdrawnState } from './withdraw-deliveries.ts';

export async function markDelivery(
  tx: Transaction<Tables>,
  dialect: SqlDialect,
  claim: MarkedClaim,
  now: number,
  copy: Copy | undefined,
): Promise<boolean> {
  const { digest, subscriber, fence } = claim;
  const marked = await MARKS[dialect.hasConcurrentWriters ? 'locking' : 'plain'](tx, {
    digest,
    subscriber,
    fence,
    now,
  });
  const isNew = (marked.numAffectedRows ?? 0n) > 0n;
  // A claim that carries a copy was given it by an earlier mark.
  if (isNew && copy && claim.copy === null) await keepCopy(tx, claim, copy);
  return isNew || (await isMarked(tx, claim)) || withdrawClaim(tx, claim, now);
}

type Held = {
  readonly digest: number;
  readonly subscriber: number;
  readonly fence: number;
  readonly now: number;
};

/** An unsubscribe that was answered is in the table: it stops the message here, however far it got. */
const prepareMark = (isLocking: boolean) =>
  prepareQuery<Held, unknown>((db, blank) =>
    db
      .updateTable('deliveries')
      .set({ state: 'handing-over', changed_at: blank('now') })
      .where('digest', '=', blank('digest'))
      .where('subscriber', '=', blank('subscriber'))
      .where('fence', '=', blank('fence'))
      .where('state', '=', 'claimed')
      .where((expression) =>
        expression.exists(
          expression
            .selectFrom('subscribers')
            .select('subscribers.id')
            .where('subscribers.id', '=', blank('subscriber'))
            .where('subscribers.state', '=', 'active')
            // Held until the mark is durable: no unsubscribe can be answered in between.
            .$if(isLocking, (query) => query.forShare()),
        ),
      ),
  );

const MARKS = { locking: prepareMark(true), plain: prepareMark(false) };

/** Asked again by a holder that did not hear the answer: still true. */
async function isMarked(tx: Transaction<Tables>, claim: MarkedClaim): Promise<boolean> {
  const row = await tx
    .selectFrom('deliveries')
    .select('fence')
    .where('digest', '=', claim.digest)
    .where('subscriber', '=', claim.subscriber)
    .where('fence', '=', claim.fence)
    .where('state', '=', 'handing-over')
    .executeTakeFirst();
  return row !== undefined;
}

/** Still held, so the subscriber must have left. Changes nothing when another holds it. */
async function withdrawClaim(tx: Transaction<Tables>, claim: MarkedClaim, now: number): Promise<false> {
  await tx
    .updateTable('deliveries')
    .set({ state: withdrawnState, worker: null, next_attempt_at: null, changed_at: now })
    .where('digest', '=', claim.digest)
    .where('subscriber', '=', claim.subscriber)
    .where('fence', '=', claim.fence)
    .where('state', '=', 'claimed')
    .execute();
  return false;
}
