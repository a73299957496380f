/** The sample subscribers of `renga start`: there while mail stays on this machine, and gone before any leaves it. */
import { parseMailbox } from '../../domain/address.ts';
import type { Renga } from '../renga.ts';
import { addSubscriber } from './add-subscribers.ts';

/** RFC 2606 names: nobody is there, and the embedded inbox sends nothing anywhere. */
const SAMPLES = ['Bashō <basho@example.org>', 'Chiyo <chiyo@example.net>', 'issa@example.com'];

/** How many it added: none where there is or was any subscriber. */
export async function addSamples(renga: Pick<Renga, 'store' | 'clock'>): Promise<number> {
  const counts = await renga.store.subscribers.counts();
  if (Object.values(counts).some((count) => count > 0)) return 0;
  for (const sample of SAMPLES) await addSubscriber(renga, sample, true);
  return SAMPLES.length;
}

/** To be called before digests go through a real server, where mail to nobody comes back and costs its sender good standing. */
export async function dismissSamples({ store, clock }: Pick<Renga, 'store' | 'clock'>): Promise<void> {
  for (const sample of SAMPLES) {
    const mailbox = parseMailbox(sample);
    const subscriber = mailbox && (await store.subscribers.find(mailbox.address));
    if (subscriber?.state === 'active')
      await store.subscribers.unsubscribe(subscriber.id, 'a sample of renga start', clock());
  }
}
