/**
 * Erasure (GDPR, article 17): of a person nothing is left but a salted hash that keeps their address out, and deliveries of nobody, so that the sums of the
 * ledger still add up. Their number stays taken: a link from an old mail never means somebody else.
 */
import { type Expression, type ExpressionBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import { type Address, addressKey } from '../domain/address.ts';
import { addDoubts } from './add-doubts.ts';
import { makeErasedKey } from './erased-keys.ts';
import { findByKey, keepOut } from './keep-out.ts';
import { setAside } from './lift-erasure.ts';
import { eraseRequests } from './notice-records.ts';
import { tellStory } from './story-records.ts';
import type { Tables } from './tables.ts';
import { withdrawDeliveries, withdrawnState } from './withdraw-deliveries.ts';

/** Tables with what a subscriber chose or went through, also under an address they had before; a new one goes in here. */
const PERSONAL_TABLES = [
  'cadences',
  'subscriber_tags',
  'stories',
  'sign_ups',
  'notices',
  'address_changes',
] as const;

/** True the first time. Also for an address that never subscribed: it is kept out from then on. */
export async function eraseAddress(
  tx: Transaction<Tables>,
  address: Address,
  source: string,
  now: number,
): Promise<boolean> {
  const key = addressKey(address);
  const erasedKey = await makeErasedKey(tx, key);
  await eraseRequests(tx, key);
  await tx.deleteFrom('suppressions').where('address_key', '=', key).execute();
  const isNew = await keepOut(tx, erasedKey, 'erased', now);
  const subscriber = await findByKey(tx, key);
  if (subscriber !== null) {
    // Who was erased, asked anew and is erased again: two rows, and one key.
    await setAside(tx, erasedKey);
    await eraseSubscriber(tx, subscriber, { erasedKey, source, now });
  } else await standIn(tx, { erasedKey, source, now });
  return isNew || subscriber !== null;
}

/** For an address that never subscribed: when it is added later, there is a row to answer with. */
async function standIn(tx: Transaction<Tables>, { erasedKey, now }: Erasure): Promise<void> {
  await tx
    .insertInto('subscribers')
    .values({ ...nobody(now), address_key: erasedKey })
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .execute();
}

function nobody(now: number) {
  return {
    // RFC 2606 §2: nobody is ever reached under `.invalid`; where deliveries are listed, it says why there is no address.
    address: 'erased@erased.invalid' as Address,
    name: '',
    state: 'erased' as const,
    takes_all: 1,
    takes_all_tags: 1,
    paused_until: null,
    source: '',
    created_at: now,
    confirmed_at: null,
    ended_at: now,
    end_reason: null,
  };
}

type Erasure = { readonly erasedKey: string; readonly source: string; readonly now: number };

/** `erasedKey`: what stands in place of the address from now on; no two rows have the same. */
export async function eraseSubscriber(tx: Transaction<Tables>, id: number, erasure: Erasure): Promise<void> {
  const { now, source } = erasure;
  await emptySubscriber(tx, id, erasure);
  await withdrawDeliveries(tx, id, now);
  await endAttempts(tx, id, now);
  await forgetMessages(tx, id);
  for (const table of PERSONAL_TABLES) {
    await tx.deleteFrom(table).where('subscriber', '=', id).execute();
  }
  await tellStory(tx, id, { at: now, kind: 'erased', source });
}

/** First, so that whoever marks or suppresses at this moment waits for the row and then finds nobody. */
async function emptySubscriber(
  tx: Transaction<Tables>,
  id: number,
  { erasedKey, now }: Erasure,
): Promise<void> {
  await tx
    .updateTable('subscribers')
    .set({ ...nobody(now), address_key: erasedKey })
    .where('id', '=', id)
    .execute();
}

/**
 * What a worker holds is taken from it, for its last word would bring the server's reply, and with it the address. What was handed over at this moment
 * stays in doubt for good: nobody will ask again.
 */
async function endAttempts(tx: Transaction<Tables>, id: number, now: number): Promise<void> {
  const inState =
    (state: 'claimed' | 'handing-over' | 'in-doubt') =>
    (expression: ExpressionBuilder<Tables, 'deliveries'>): Expression<SqlBool> =>
      expression.and([
        expression('digest', 'in', expression.selectFrom('digests').select('number')),
        expression('subscriber', '=', id),
        expression('state', '=', state),
      ]);
  const over = { worker: null, next_attempt_at: null, changed_at: now };
  const fence = sql<number>`fence + 1`;
  await addDoubts(tx, { reply: 'erased', now }, inState('handing-over'));
  const doubt = { state: 'in-doubt' as const, doubted: 1, attempts: sql<number>`attempts + 1` };
  await tx
    .updateTable('deliveries')
    .set({ ...over, ...doubt, fence })
    .where(inState('handing-over'))
    .execute();
  await tx
    .updateTable('deliveries')
    .set({ ...over, state: withdrawnState, fence })
    .where(inState('claimed'))
    .execute();
  await tx.updateTable('deliveries').set({ next_attempt_at: null }).where(inState('in-doubt')).execute();
}

/** Copies have address and name; a server's reply may have the address. */
async function forgetMessages(tx: Transaction<Tables>, id: number): Promise<void> {
  const digests = tx.selectFrom('digests').select('number');
  await tx.deleteFrom('copies').where('digest', 'in', digests).where('subscriber', '=', id).execute();
  await tx
    .updateTable('attempts')
    .set({ reply: 'erased' })
    .where('digest', 'in', digests)
    .where('subscriber', '=', id)
    .execute();
}
