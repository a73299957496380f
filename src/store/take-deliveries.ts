/** Makes deliveries a worker's, by statements that are built once for each database: with every claim, building them cost more than running them. */
import type { Transaction } from 'kysely';
import { prepareQuery } from './prepare-query.ts';
import type { Tables } from './tables.ts';

/** How many a statement takes, greatest first. */
const SIZES = [128, 32, 8, 1] as const;

/** `digest`, `worker`, `now` and `subscriber 0` to `subscriber N`. */
type Blanks = Readonly<Record<string, never>>;

const prepareTake = (size: number) =>
  prepareQuery<Blanks, unknown>((db, blank) =>
    db
      .updateTable('deliveries')
      // The greater fence makes every older claim worthless; the first claim's time is the message's Date for ever.
      .set((expression) => ({
        state: 'claimed',
        worker: blank('worker'),
        fence: expression('fence', '+', 1),
        first_claimed_at: expression.fn.coalesce('first_claimed_at', expression.val<number>(blank('now'))),
        next_attempt_at: null,
        changed_at: blank('now'),
      }))
      .where('digest', '=', blank('digest'))
      .where(
        'subscriber',
        'in',
        Array.from({ length: size }, (_, index) => blank(`subscriber ${index}`)),
      ),
  );

const TAKES = SIZES.map((size) => ({ size, take: prepareTake(size) }));

export async function takeSubscribers(
  tx: Transaction<Tables>,
  order: { readonly digest: number; readonly worker: string; readonly now: number },
  subscribers: readonly number[],
): Promise<void> {
  let at = 0;
  for (const { size, take } of TAKES) {
    for (; at + size <= subscribers.length; at += size) {
      const values: Record<string, unknown> = { ...order };
      for (let index = 0; index < size; index += 1) values[`subscriber ${index}`] = subscribers[at + index];
      await take(tx, values as Blanks);
    }
  }
}
