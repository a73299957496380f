/** Adds a subscriber by hand. Whole lists: `lists/import-list.ts`. */
import { type Mailbox, parseAddress, parseMailbox } from '../../domain/address.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { AddResult, NewSubscriber } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';

type Adder = Pick<Renga, 'store' | 'clock'>;

/** One by hand. Throws OperatorError for what is not an address. */
export async function addSubscriber(renga: Adder, text: string, confirmed: boolean): Promise<AddResult> {
  const mailbox = parseMailbox(text);
  const parsed = parseAddress(text);
  if (!mailbox) {
    const reason =
      parsed.kind === 'not-an-address' ? parsed.reason : 'the name beside it has control characters';
    throw new OperatorError(
      `${JSON.stringify(text)} is not an address: ${reason}.`,
      'Write it as name@example.org.',
    );
  }
  const [result] = await renga.store.subscribers.add(
    [newSubscriber(mailbox, confirmed, 'command line')],
    renga.clock(),
  );
  if (!result) throw new Error('SubscriberList.add must answer for each subscriber');
  return result;
}

function newSubscriber(mailbox: Mailbox, confirmed: boolean, source: string): NewSubscriber {
  return { ...mailbox, state: confirmed ? 'active' : 'pending', series: null, source };
}
