/** Asks one person by mail whether they want the digests: the same confirmation that a form leads to, with the same limits and the same button. */
import { renderAddress } from '../../domain/address.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';

type Inviter = Pick<Renga, 'store' | 'clock' | 'texts' | 'publication'>;

/**
 * False, and nothing was done, for whoever is not pending: who left, or must not be written to, is not asked by us. What they chose is kept. An address gets
 * two confirmations a day at most, whoever asks for them.
 */
export async function inviteSubscriber(renga: Inviter, subscriber: Subscriber): Promise<boolean> {
  const { address, name, series, tags, state } = subscriber;
  if (state !== 'pending') return false;
  const words = renga.texts.say('confirm.ask', {
    publication: renga.publication.title,
    address: renderAddress(address),
  });
  const signUp = { address, name, series, tags, source: 'command line', words, origin: null };
  await renga.store.signUps.ask(signUp, [], renga.clock());
  return true;
}
