/**
 * What the holder of a personal link can do besides leaving: choose, ask for another address, come back. Each is safe to repeat, and none
 * of them brings anything to an address that did not agree to it.
 */
import { type Address, addressKey, parseAddress } from '../../domain/address.ts';
import {
  CHANGE_WITHIN,
  type AddressChange,
  type AgreeResult,
  parseChangeSubject,
} from '../../domain/address-change.ts';
import {
  type ChoiceFields,
  type ChoiceFault,
  type ChoiceOffer,
  readChoiceFields,
  renderPauseDay,
} from '../../domain/choice-fields.ts';
import { isWithin, parsePurposeToken, type TokenClaim } from '../../domain/purpose-token.ts';
import type { AskResult } from '../../domain/sign-up-book.ts';
import type { Choice, Subscriber } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';
import { askToSubscribe, type SignUpLimits } from './subscribe.ts';

type Parts = Pick<Renga, 'store' | 'clock'>;

const SOURCE = 'preferences page';

export type ChooseAnswer =
  | { readonly kind: 'saved' }
  | { readonly kind: 'wrong'; readonly faults: readonly ChoiceFault[] };

/** Who left meanwhile has chosen nothing; their page says so. */
export async function choosePreferences(
  { store, clock }: Parts,
  subscriber: Subscriber,
  fields: ChoiceFields,
  offered: Pick<ChoiceOffer, 'series' | 'tags' | 'zone'>,
): Promise<ChooseAnswer> {
  const now = clock();
  const reading = readChoiceFields(fields, subscriber, { ...offered, now });
  if (reading.kind === 'wrong') return reading;
  const { choice } = reading;
  const words = describeChoice(choice, { zone: offered.zone, now });
  await store.subscribers.choose(subscriber.id, choice, { source: SOURCE, words, origin: null }, now);
  return { kind: 'saved' };
}

/** For the story: what was chosen, in one line. */
function describeChoice(
  { series, tags, pausedUntil = null, name }: Choice,
  offer: Pick<ChoiceOffer, 'zone' | 'now'>,
): string {
  const day = renderPauseDay(pausedUntil, offer);
  return [
    ...(series ? [`series: ${series.join(', ')}`] : []),
    `tags: ${tags?.join(', ') ?? 'every post'}`,
    ...(day === '' ? [] : [`paused until ${day}`]),
    ...(name === undefined ? [] : [name === '' ? 'no name' : `name: ${name}`]),
  ].join('; ');
}

export type MoveAnswer = 'asked' | 'address-missing' | 'address' | 'same' | 'often';

/** `asked` says nothing about the new address: what is known of it is told there only. */
export async function askToMove(
  { store, clock }: Parts,
  subscriber: Subscriber,
  typed: string,
): Promise<MoveAnswer> {
  if (typed.trim() === '') return 'address-missing';
  const parsed = parseAddress(typed);
  if (parsed.kind !== 'address') return 'address';
  if (addressKey(parsed.address) === addressKey(subscriber.address)) return 'same';
  return (await store.addressChanges.ask(subscriber.id, parsed.address, clock())) ? 'asked' : 'often';
}

/** What the page of a change's link shows. */
export type MoveLook =
  | { readonly kind: 'open'; readonly to: Address }
  | { readonly kind: 'over' }
  | { readonly kind: 'unknown' };

/** Changes nothing. */
export async function lookAtMove({ store, clock }: Parts, token: string): Promise<MoveLook> {
  const claim = parsePurposeToken('move', token, await store.linkKeys());
  if (!claim) return { kind: 'unknown' };
  const change = await findChange(store, claim);
  const isOpen = change !== null && isWithin(change.askedAt, CHANGE_WITHIN, clock());
  return isOpen ? { kind: 'open', to: change.to } : { kind: 'over' };
}

export async function agreeByToken(
  { store, clock }: Parts,
  token: string,
): Promise<AgreeResult | { readonly kind: 'unknown' }> {
  const claim = parsePurposeToken('move', token, await store.linkKeys());
  if (!claim) return { kind: 'unknown' };
  if ((await findChange(store, claim)) === null) return { kind: 'over' };
  const { change, end } = parseChangeSubject(claim.subject);
  return await store.addressChanges.agree(change, end, clock());
}

/** Null also where the link was made for another change of that number, in a store that was restored since. */
async function findChange(store: Renga['store'], { subject, at }: TokenClaim): Promise<AddressChange | null> {
  const change = await store.addressChanges.find(parseChangeSubject(subject).change);
  if (change === null) return null;
  const askedAt = Math.floor(change.askedAt.epochMilliseconds / 1000) * 1000;
  return askedAt === at.epochMilliseconds ? change : null;
}

/**
 * Asks for a new confirmation, for who left or never confirmed: their link may be in a mail that was forwarded, so it brings nobody back by itself. They
 * get again what they took.
 */
export async function askBack(
  renga: Parts,
  { address, name, series, tags }: Subscriber,
  asking: { readonly words: string; readonly visitor: string | null; readonly limits: SignUpLimits },
): Promise<AskResult> {
  const { words, visitor, limits } = asking;
  const signUp = { address, name, series, tags, source: SOURCE, words, origin: null };
  return await askToSubscribe(renga, signUp, { visitor, isTrusted: true }, limits);
}
