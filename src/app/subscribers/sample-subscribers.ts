/** The sample subscribers of `renga start`: there while mail stays on this machine, and gone before any leaves it. */
import { parseMailbox } from '../../domain/address.ts';
import type { NewSubscriber } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';

/** RFC 2606 names: nobody is there, and the embedded inbox sends nothing anywhere. */
const SAMPLES = ['Bashō <basho@example.org>', 'Chiyo <chiyo@example.net>', 'issa@example.com'];
/** Where their story says that they come from. */
const SOURCE = 'renga start';

type Adder = Pick<Renga, 'store' | 'clock'>;

/** How many it added: none where there is or was any subscriber. */
export async function addSamples({ store, clock }: Adder): Promise<number> {
  const counts = await store.subscribers.counts();
  if (Object.values(counts).some((count) => count > 0)) return 0;
  const samples = SAMPLES.flatMap((sample): readonly NewSubscriber[] => {
    const mailbox = parseMailbox(sample);
    return mailbox ? [{ ...mailbox, state: 'active', series: null, source: SOURCE }] : [];
  });
  await store.subscribers.add(samples, clock());
  return samples.length;
}

/**
 * To be called before digests go through a real server, where mail to nobody comes back and costs its sender good standing. Only who was added as a sample, and of
 * whom nothing else is known, leaves: a person may have such an address.
 */
export async function dismissSamples({ store, clock }: Adder): Promise<void> {
  for (const sample of SAMPLES) {
    const mailbox = parseMailbox(sample);
    const subscriber = mailbox && (await store.subscribers.find(mailbox.address));
    if (subscriber?.state !== 'active') continue;
    const story = await store.subscribers.story(subscriber.id);
    if (story.every(({ source }) => source === SOURCE))
      await store.subscribers.unsubscribe(subscriber.id, 'a sample of renga start', clock());
  }
}
