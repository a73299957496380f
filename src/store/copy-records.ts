/** Keeps what the first mark of a delivery fixed of its message, until the delivery is over. */
import type { Transaction } from 'kysely';
import type { Claim } from '../domain/delivery.ts';
import type { Copy, Seal } from '../domain/message.ts';
import { prepareQuery } from './prepare-query.ts';
import type { Tables } from './tables.ts';

/** The first one counts: what a server may have had first is what every later copy must be. */
export async function keepCopy(
  tx: Transaction<Tables>,
  claim: Pick<Claim, 'digest' | 'subscriber'>,
  copy: Copy,
): Promise<void> {
  const { address, name, linkKey, seal } = copy;
  await insertCopy(tx, {
    digest: claim.digest,
    subscriber: claim.subscriber,
    address,
    name,
    link_key: linkKey,
    seal: seal === null ? null : JSON.stringify(seal),
  });
}

const insertCopy = prepareQuery<Tables['copies'], unknown>((db, blank) =>
  db
    .insertInto('copies')
    .values({
      digest: blank('digest'),
      subscriber: blank('subscriber'),
      address: blank('address'),
      name: blank('name'),
      link_key: blank('link_key'),
      seal: blank('seal'),
    })
    .onConflict((conflict) => conflict.columns(['digest', 'subscriber']).doNothing()),
);

/** For a delivery that will never be tried again. */
export async function dropCopy(
  tx: Transaction<Tables>,
  { digest, subscriber }: Pick<Claim, 'digest' | 'subscriber'>,
): Promise<void> {
  await deleteCopy(tx, { digest, subscriber });
}

const deleteCopy = prepareQuery<Pick<Tables['copies'], 'digest' | 'subscriber'>, unknown>((db, blank) =>
  db.deleteFrom('copies').where('digest', '=', blank('digest')).where('subscriber', '=', blank('subscriber')),
);

/** The kept copies of a digest's subscribers, by subscriber. */
export async function readCopies(
  tx: Transaction<Tables>,
  digest: number,
  subscribers: readonly number[],
): Promise<ReadonlyMap<number, Copy>> {
  const rows = await tx
    .selectFrom('copies')
    .selectAll()
    .where('digest', '=', digest)
    .where('subscriber', 'in', subscribers)
    .execute();
  return new Map(
    rows.map(({ subscriber, address, name, link_key: linkKey, seal }) => [
      subscriber,
      { address, name, linkKey, seal: seal === null ? null : (JSON.parse(seal) as Seal) },
    ]),
  );
}
