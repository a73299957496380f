/** What a personal link may do: say whose it is, and end it. Both are safe to repeat for ever. */
import { parseLinkToken } from '../../domain/link-token.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';

/** The subscriber a token names, or null for one that was never ours, or whose subscriber was erased. */
export async function findByToken(renga: Pick<Renga, 'store'>, token: string): Promise<Subscriber | null> {
  const id = parseLinkToken(token, await renga.store.linkKeys());
  return id === null ? null : await renga.store.subscribers.byId(id);
}

/**
 * Ends a subscription by its token. `unsubscribed` also for one that had ended before: the answer to a repeated POST is the same (RFC 8058 §3.2).
 * Durable before it answers: from then on no message that was not handed over leaves.
 */
export async function unsubscribeByToken(
  renga: Pick<Renga, 'store' | 'clock'>,
  token: string,
  reason: 'one-click' | 'unsubscribe page',
): Promise<'unsubscribed' | 'unknown'> {
  const subscriber = await findByToken(renga, token);
  if (!subscriber) return 'unknown';
  await renga.store.subscribers.leave(subscriber.id, reason, renga.clock());
  return 'unsubscribed';
}
