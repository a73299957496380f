/** The keys that sign links. None is ever removed: mails from years ago must still work. */
import { randomBytes } from 'node:crypto';
import type { LinkKey } from '../domain/link-token.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { Connection } from './connection.ts';

/** A token has one byte for the key. */
const LARGEST_ID = 255;

export async function readLinkKeys({ db }: Connection): Promise<readonly LinkKey[]> {
  return await db
    .selectFrom('link_keys')
    .select(['id', 'secret'])
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Makes a key, newer than all there are, and answers its id. Throws OperatorError when ids are used up. */
export async function addLinkKey({ write, dialect }: Connection, now: number): Promise<LinkKey['id']> {
  return await write(async (tx) => {
    await dialect.oneAtATime(tx, 'link_keys');
    const last = await tx
      .selectFrom('link_keys')
      .select((expression) => [
        expression.fn.max<number>('id').as('id'),
        expression.fn.max<number>('made_at').as('made_at'),
      ])
      .executeTakeFirstOrThrow();
    const id = last.id + 1;
    if (id > LARGEST_ID) {
      throw new OperatorError(
        `there are ${LARGEST_ID + 1} link keys, and no room for more`,
        'Go on with the newest: keys are rotated when one may be known to others, or once in a while.',
      );
    }
    // The newest by time as well, should the clock have gone back.
    const madeAt = Math.max(now, last.made_at + 1);
    await tx
      .insertInto('link_keys')
      .values({ id, secret: randomBytes(32), made_at: madeAt })
      .execute();
    return id;
  });
}
