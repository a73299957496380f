/** Everything that is kept of one person: what `show` prints, and what they are given when they ask for their data (GDPR, articles 15 and 20). */
import type { DeliveryView } from '../../domain/delivery.ts';
import type { StoryLine, Subscriber } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';

export type SubscriberDescription = Omit<Subscriber, 'id'> & {
  /** Oldest first. */
  readonly story: readonly StoryLine[];
  /** Newest first, with the server's last words on each. */
  readonly digests: readonly (Pick<DeliveryView, 'digest' | 'state' | 'reply' | 'attempts' | 'changedAt'> & {
    readonly subject: string;
  })[];
};

/** Null for nobody, and for one that was erased. */
export async function describeSubscriber(
  { store }: Pick<Renga, 'store'>,
  id: number,
): Promise<SubscriberDescription | null> {
  const subscriber = await store.subscribers.byId(id);
  if (subscriber === null) return null;
  const subjects = new Map((await store.digests.all()).map(({ number, subject }) => [number, subject]));
  const digests = (await store.ledger.deliveriesOf(id)).map(
    ({ digest, state, reply, attempts, changedAt }) => ({
      digest,
      subject: subjects.get(digest) ?? '',
      state,
      reply,
      attempts,
      changedAt,
    }),
  );
  const { id: _, ...known } = subscriber;
  return { ...known, story: await store.subscribers.story(id), digests };
}
