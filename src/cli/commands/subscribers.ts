/** `renga subscribers add | list | show | remove`. */
import { addSubscriber } from '../../app/add-subscribers.ts';
import type { Renga } from '../../app/renga.ts';
import { parseAddress, renderAddress } from '../../domain/address.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Subscriber, SubscriberState } from '../../domain/subscriber.ts';
import { type Context, withRenga } from '../context.ts';
import { count } from '../phrases.ts';
import { renderJson, renderJsonLine } from '../render-json.ts';
import { EXIT } from '../exit-code.ts';
import { tellLine, writeLine } from '../terminal.ts';

const STATES: readonly string[] = ['pending', 'active', 'unsubscribed', 'suppressed'];

/** There are no opt-in mails yet that would ask the person. */
export const PENDING_HINT =
  'Who is pending gets no mail. If they have agreed to it, say so: once more with --confirmed.';

export async function runAdd(
  context: Context,
  text: string,
  flags: { readonly confirmed?: true },
): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const { kind, subscriber } = await addSubscriber(renga, text, flags.confirmed === true);
    const was = kind === 'kept' ? 'was there already' : kind;
    writeLine(context.terminal, `${renderAddress(subscriber.address)}: ${was}, ${subscriber.state}`);
    if (subscriber.state === 'pending') tellLine(context.terminal, PENDING_HINT);
  });
}

export async function runList(
  context: Context,
  flags: { readonly state?: string; readonly json?: true },
): Promise<void> {
  const state = flags.state;
  if (state !== undefined && !isState(state)) {
    throw new OperatorError(`There is no state "${state}".`, `There are: ${STATES.join(', ')}.`);
  }
  await withRenga(context, async ({ renga }) => {
    let number = 0;
    for await (const subscriber of renga.store.subscribers.list(state === undefined ? {} : { state })) {
      number += 1;
      if (flags.json) context.terminal.write(renderJsonLine(viewSubscriber(subscriber)));
      else
        writeLine(
          context.terminal,
          `${subscriber.state.padEnd(12)}  ${renderAddress(subscriber.address)}${subscriber.name === '' ? '' : `  ${subscriber.name}`}`,
        );
    }
    if (!flags.json) tellLine(context.terminal, count(number, 'subscriber'));
  });
}

function isState(text: string): text is SubscriberState {
  return STATES.includes(text);
}

function viewSubscriber(subscriber: Subscriber): object {
  const { address, name, state, series, createdAt, confirmedAt, endedAt, endReason } = subscriber;
  return { address, name, state, series, createdAt, confirmedAt, endedAt, endReason };
}

export async function runShow(
  context: Context,
  text: string,
  flags: { readonly json?: true },
): Promise<number> {
  return await withRenga(context, async ({ renga }) => {
    const subscriber = await findSubscriber(renga, text);
    const deliveries = await renga.store.ledger.deliveriesOf(subscriber.id);
    if (flags.json) {
      const digests = deliveries.map(({ digest, state, reply, attempts, changedAt }) => ({
        digest,
        state,
        reply,
        attempts,
        changedAt,
      }));
      context.terminal.write(renderJson({ ...viewSubscriber(subscriber), digests }));
      return EXIT.done;
    }
    writeLine(
      context.terminal,
      `${renderAddress(subscriber.address)}: ${subscriber.state}, since ${subscriber.createdAt.toString({ smallestUnit: 'second' })}`,
    );
    if (subscriber.endReason !== null) writeLine(context.terminal, `  ended: ${subscriber.endReason}`);
    for (const { digest, state, reply } of deliveries)
      writeLine(context.terminal, `  digest ${digest}: ${state}${reply === null ? '' : `, ${reply}`}`);
    return EXIT.done;
  });
}

export async function runRemove(context: Context, text: string): Promise<number> {
  return await withRenga(context, async ({ renga }) => {
    const subscriber = await findSubscriber(renga, text);
    const isFirst = await renga.store.subscribers.unsubscribe(
      subscriber.id,
      'removed by hand',
      renga.clock(),
    );
    writeLine(
      context.terminal,
      `${renderAddress(subscriber.address)}: ${isFirst ? 'unsubscribed' : `was ${subscriber.state} already`}`,
    );
    return EXIT.done;
  });
}

async function findSubscriber(renga: Pick<Renga, 'store'>, text: string): Promise<Subscriber> {
  const parsed = parseAddress(text);
  const found = parsed.kind === 'address' ? await renga.store.subscribers.find(parsed.address) : null;
  if (found) return found;
  throw new OperatorError(
    `${JSON.stringify(text)} is not on the list.`,
    'renga subscribers list shows who is.',
  );
}
