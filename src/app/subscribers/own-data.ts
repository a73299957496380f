/**
 * What is kept of somebody, for themselves alone: to see it or have it erased takes a link that is mailed to the address and holds for a day. The link of
 * a digest, which may be in a mail that was forwarded, only asks for that mail.
 */
import { type Address, addressKey, parseAddress } from '../../domain/address.ts';
import { OWN_DATA_WITHIN } from '../../domain/notice.ts';
import { isWithin, parsePurposeToken } from '../../domain/purpose-token.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';
import { eraseSubscriber } from './erase-subscriber.ts';

type Parts = Pick<Renga, 'store' | 'clock'>;

/** `often`: nothing was sent, for they had enough of these today, or must not be written to at all. */
export async function askForOwnData(
  { store, clock }: Parts,
  { id, address }: Pick<Subscriber, 'id' | 'address'>,
): Promise<'asked' | 'often'> {
  const notice = { kind: 'own-data', address, subscriber: id, subject: id, detail: '' } as const;
  return (await store.notices.add(notice, clock())) ? 'asked' : 'often';
}

/** `over`: too old, or of somebody who has another address since, or was erased. */
export type OwnDataLook =
  | { readonly kind: 'open'; readonly subscriber: Subscriber }
  | { readonly kind: 'over' }
  | { readonly kind: 'unknown' };

/** Changes nothing. */
export async function lookAtOwnData({ store, clock }: Parts, token: string): Promise<OwnDataLook> {
  const claim = parsePurposeToken('own-data', token, await store.linkKeys());
  if (!claim) return { kind: 'unknown' };
  const subscriber = await store.subscribers.byId(claim.subject);
  if (!subscriber || !isWithin(claim.at, OWN_DATA_WITHIN, clock())) return { kind: 'over' };
  // Whoever reads the old mailbox has no more to do with it.
  const story = await store.subscribers.story(subscriber.id);
  const hasMoved = story.some(
    ({ kind, at }) => kind === 'moved' && Temporal.Instant.compare(at, claim.at) > 0,
  );
  return hasMoved ? { kind: 'over' } : { kind: 'open', subscriber };
}

export type EraseAnswer = 'erased' | 'wrong' | 'over' | 'unknown';

/** For good, so it takes the whole address as well, which the page does not show: not a slip. `erased` again where the button is pressed twice. */
export async function eraseByToken(renga: Parts, token: string, typed: string): Promise<EraseAnswer> {
  const { store, clock } = renga;
  const look = await lookAtOwnData(renga, token);
  if (look.kind === 'open') {
    const { id, address } = look.subscriber;
    if (!isAddress(typed, address)) return 'wrong';
    await eraseSubscriber(renga, id);
    return 'erased';
  }
  const claim = parsePurposeToken('own-data', token, await store.linkKeys());
  const isGone = claim !== null && (await store.subscribers.byId(claim.subject)) === null;
  return isGone && isWithin(claim.at, OWN_DATA_WITHIN, clock()) ? 'erased' : look.kind;
}

function isAddress(typed: string, address: Address): boolean {
  const parsed = parseAddress(typed);
  return parsed.kind === 'address' && addressKey(parsed.address) === addressKey(address);
}
