/** `renga subscribers add | list | search | show | remove | suppress | erase`. */
import { addSubscriber } from '../../app/subscribers/add-subscribers.ts';
import { eraseAddress } from '../../app/subscribers/erase-subscriber.ts';
import { inviteSubscriber } from '../../app/subscribers/invite-subscriber.ts';
import type { Renga } from '../../app/renga.ts';
import { type Address, parseAddress, renderAddress } from '../../domain/address.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Subscriber, SubscriberState } from '../../domain/subscriber.ts';
import { confirm } from '../confirm.ts';
import { type Context, withRenga } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { count } from '../phrases.ts';
import { renderJsonLine } from '../render-json.ts';
import { tellLine, writeLine } from '../terminal.ts';

const STATES: readonly string[] = ['pending', 'active', 'unsubscribed', 'suppressed'];

/** A whole list is never asked by itself: people who never heard of us would call that spam. */
export const PENDING_HINT =
  'Who is pending gets no digest. If they have agreed to it, say so: once more with --confirmed. Else ask them, one by one: renga subscribers add ADDRESS --invite.';

const INVITED_HINT =
  'A mail that asks them to confirm is due: renga serve sends it, or the next renga deliver.';

type AddFlags = { readonly confirmed?: true; readonly invite?: true };

export async function runAdd(context: Context, text: string, flags: AddFlags): Promise<void> {
  if (flags.confirmed && flags.invite) {
    throw new OperatorError(
      'Either they have agreed, or they are asked.',
      'Say --confirmed or --invite, not both.',
    );
  }
  await withRenga(context, async ({ renga }) => {
    const { kind, subscriber } = await addSubscriber(renga, text, flags.confirmed === true);
    const was = kind === 'kept' ? 'was there already' : kind;
    writeLine(context.terminal, `${renderAddress(subscriber.address)}: ${was}, ${subscriber.state}`);
    if (flags.invite) await invite(renga, subscriber);
    if (subscriber.state === 'pending')
      tellLine(context.terminal, flags.invite ? INVITED_HINT : PENDING_HINT);
  });
}

async function invite(renga: Renga, subscriber: Subscriber): Promise<void> {
  if (await inviteSubscriber(renga, subscriber)) return;
  throw new OperatorError(
    `${renderAddress(subscriber.address)} is ${subscriber.state}, so no mail asks them.`,
    'Only who is pending is asked. Who left can come back by the form.',
  );
}

type ListFlags = { readonly state?: string; readonly json?: true };

export async function runList(context: Context, flags: ListFlags): Promise<void> {
  await listMatching(context, flags, () => true);
}

/** In addresses, as they are read and as they are sent to, and in names. */
export async function runSearch(context: Context, text: string, flags: ListFlags): Promise<void> {
  const wanted = text.normalize('NFC').toLowerCase();
  const holds = (where: string): boolean => where.normalize('NFC').toLowerCase().includes(wanted);
  await listMatching(
    context,
    flags,
    ({ address, name }) => holds(address) || holds(renderAddress(address)) || holds(name),
  );
}

type Shown = Pick<Subscriber, 'address' | 'name' | 'state'>;

/** Those kept out who never subscribed are suppressed too, and come last. */
async function listMatching(
  context: Context,
  { state: said, json }: ListFlags,
  matches: (shown: Shown) => boolean,
): Promise<void> {
  const state = said === undefined ? undefined : parseState(said);
  await withRenga(context, async ({ renga }) => {
    let number = 0;
    const show = (shown: Shown, view: object): void => {
      if (!matches(shown)) return;
      number += 1;
      if (json) context.terminal.write(renderJsonLine(view));
      else writeLine(context.terminal, describeShown(shown));
    };
    const { subscribers } = renga.store;
    for await (const subscriber of subscribers.list(state === undefined ? {} : { state })) {
      show(subscriber, viewSubscriber(subscriber));
    }
    if (state === undefined || state === 'suppressed') {
      for await (const { address, reason, since } of subscribers.strangers()) {
        const stranger = { address, name: '', state: 'suppressed' as const };
        show(stranger, { ...stranger, endedAt: since, endReason: reason });
      }
    }
    if (!json) tellLine(context.terminal, count(number, 'subscriber'));
  });
}

function describeShown({ address, name, state }: Shown): string {
  return `${state.padEnd(12)}  ${renderAddress(address)}${name === '' ? '' : `  ${name}`}`;
}

/** Throws OperatorError for what is none. */
export function parseState(text: string): SubscriberState {
  if (isState(text)) return text;
  throw new OperatorError(`There is no state "${text}".`, `There are: ${STATES.join(', ')}.`);
}

function isState(text: string): text is SubscriberState {
  return STATES.includes(text);
}

export function viewSubscriber(subscriber: Omit<Subscriber, 'id'>): object {
  const { address, name, state, series, tags, pausedUntil, createdAt, confirmedAt, endedAt, endReason } =
    subscriber;
  return { address, name, state, series, tags, pausedUntil, createdAt, confirmedAt, endedAt, endReason };
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

export async function runSuppress(
  context: Context,
  text: string,
  flags: { readonly reason?: string },
): Promise<void> {
  const address = parseGiven(text);
  await withRenga(context, async ({ renga }) => {
    const reason = flags.reason ?? 'suppressed by hand';
    const isFirst = await renga.store.subscribers.suppress(address, reason, renga.clock());
    const was = isFirst ? 'suppressed: no import and no form brings it back' : 'was kept out already';
    writeLine(context.terminal, `${renderAddress(address)}: ${was}`);
  });
}

export async function runErase(
  context: Context,
  text: string,
  flags: { readonly yes?: true },
): Promise<number> {
  const address = parseGiven(text);
  return await withRenga(context, async ({ renga }) => {
    const shown = renderAddress(address);
    const isThere = (await renga.store.subscribers.find(address)) !== null;
    const what = isThere ? 'with name, story and copies' : '(not on the list)';
    const question = `Erase ${shown} ${what} for good? Only a hash stays, which keeps the address out.`;
    if (!(await confirm(context, question, flags.yes === true))) return EXIT.operatorError;
    const isFirst = await eraseAddress(renga, address);
    writeLine(context.terminal, isFirst ? 'Erased.' : 'It was erased before.');
    if (isFirst) tellLine(context.terminal, 'Backups that were made before still have it.');
    return EXIT.done;
  });
}

function parseGiven(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed.kind === 'address') return parsed.address;
  throw new OperatorError(
    `${JSON.stringify(text)} is not an address: ${parsed.reason}.`,
    'Write it as name@example.org.',
  );
}

/** Throws OperatorError where nobody is; says so where the address is kept out. */
export async function findSubscriber(renga: Pick<Renga, 'store'>, text: string): Promise<Subscriber> {
  const parsed = parseAddress(text);
  const address = parsed.kind === 'address' ? parsed.address : null;
  const found = address === null ? null : await renga.store.subscribers.find(address);
  if (found) return found;
  const suppression = address === null ? null : await renga.store.subscribers.suppression(address);
  if (suppression !== null) {
    const since = suppression.since.toString().slice(0, 10);
    throw new OperatorError(
      suppression.isErased
        ? `${JSON.stringify(text)} was erased on ${since}: nothing is known of it, and it is kept out.`
        : `${JSON.stringify(text)} never subscribed, and is kept out since ${since}: ${suppression.reason}.`,
      'renga subscribers list shows who is on the list.',
    );
  }
  throw new OperatorError(
    `${JSON.stringify(text)} is not on the list.`,
    'renga subscribers list shows who is.',
  );
}
