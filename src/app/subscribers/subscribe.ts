/**
 * What a visitor can do to come in: ask, confirm, ask for the confirmation anew, undo a leaving. Asking does the same work whoever is asked for; what comes
 * of it is decided later, in `hand-out-notices.ts`.
 */
import { createHmac } from 'node:crypto';
import { type Address, domainOf } from '../../domain/address.ts';
import { type LinkKey, renderLinkToken } from '../../domain/link-token.ts';
import { isWithin, parsePurposeToken, renderPurposeToken } from '../../domain/purpose-token.ts';
import { CONFIRM_WITHIN, type ConfirmResult, type SignUp, UNDO_WITHIN } from '../../domain/sign-up.ts';
import type { AskResult } from '../../domain/sign-up-book.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { VisitorLimit } from '../../domain/visitor-limit.ts';
import type { Renga } from '../renga.ts';

type Parts = Pick<Renga, 'store' | 'clock'>;

/** How many sign-ups an hour; null for any number. */
export type SignUpLimits = {
  readonly perVisitor: number;
  readonly perDomain: number;
  readonly overall: number;
} | null;

/** Who asks. `visitor`: what stands for their address of origin in the limits, or null where it is not known. */
export type Asker = { readonly visitor: string | null; readonly isTrusted: boolean };

/** A sign-up from a form that is not ours counts as so many. */
const COST_ELSEWHERE = 3;
/** Nobody reads and fills in a form faster; nobody leaves one open for longer. */
const FORM_AGE = { least: { seconds: 2 }, most: { hours: 24 } } as const;

/** For a form that is drawn now. */
export async function makeFormToken({ store, clock }: Parts): Promise<string> {
  return renderPurposeToken('form', { subject: 0, at: clock() }, newest(await store.linkKeys()));
}

/** Whether a form was drawn by us, long enough ago for a person and not too long. */
export async function isOwnForm({ store, clock }: Parts, token: string): Promise<boolean> {
  const claim = parsePurposeToken('form', token, await store.linkKeys());
  const now = clock();
  return (
    claim !== null &&
    isWithin(claim.at, FORM_AGE.most, now) &&
    Temporal.Instant.compare(claim.at.add(FORM_AGE.least), now) <= 0
  );
}

export async function askToSubscribe(
  renga: Parts,
  signUp: SignUp,
  asker: Asker,
  limits: SignUpLimits,
): Promise<AskResult> {
  const { store, clock } = renga;
  const used = limits === null ? [] : composeLimits(limits, signUp.address, asker, await store.linkKeys());
  return await store.signUps.ask(signUp, used, clock());
}

/** Keys are hashed with a secret that never changes: the store tells nobody who visited. */
function composeLimits(
  limits: NonNullable<SignUpLimits>,
  address: Address,
  { visitor, isTrusted }: Asker,
  keys: readonly LinkKey[],
): readonly VisitorLimit[] {
  const oldest = keys.at(-1);
  if (!oldest) throw new Error('The store has no link key');
  const cost = isTrusted ? 1 : COST_ELSEWHERE;
  const limit = (scope: string, value: string, perHour: number): VisitorLimit => {
    const mac = createHmac('sha256', oldest.secret).update(`visitor limit ${scope}\0${value}`).digest();
    return { key: mac.subarray(0, 16).toString('base64url'), perHour, cost };
  };
  return [
    limit('visitor', visitor ?? '', limits.perVisitor),
    limit('domain', domainOf(address), limits.perDomain),
    limit('overall', '', limits.overall),
  ];
}

/** What the page of a confirmation's link shows. `expired`: `canRenew` while we know whom to send a new one to. */
export type ConfirmLook =
  | { readonly kind: 'open'; readonly address: Address }
  | { readonly kind: 'expired'; readonly canRenew: boolean }
  | { readonly kind: 'unknown' };

/** Changes nothing. */
export async function lookAtConfirmation({ store, clock }: Parts, token: string): Promise<ConfirmLook> {
  const claim = parsePurposeToken('confirm', token, await store.linkKeys());
  if (!claim) return { kind: 'unknown' };
  const found = await store.signUps.find(claim.subject);
  if (!found) return { kind: 'expired', canRenew: false };
  const isOpen = isWithin(found.askedAt, CONFIRM_WITHIN, clock());
  return isOpen ? { kind: 'open', address: found.signUp.address } : { kind: 'expired', canRenew: true };
}

export async function confirmByToken(
  { store, clock }: Parts,
  token: string,
): Promise<ConfirmResult | { readonly kind: 'unknown' }> {
  const claim = parsePurposeToken('confirm', token, await store.linkKeys());
  return claim ? await store.signUps.confirm(claim.subject, clock()) : { kind: 'unknown' };
}

/** Of the page where they choose what they get; the way out has the same. */
export async function makePreferencesToken(
  { store }: Pick<Parts, 'store'>,
  { id }: Pick<Subscriber, 'id'>,
): Promise<string> {
  return renderLinkToken(id, newest(await store.linkKeys()));
}

/** Asks for the same again: under the limits of any other sign-up. */
export async function renewConfirmation(
  renga: Parts,
  token: string,
  asker: Asker,
  limits: SignUpLimits,
): Promise<AskResult | { readonly kind: 'unknown' }> {
  const claim = parsePurposeToken('confirm', token, await renga.store.linkKeys());
  const found = claim && (await renga.store.signUps.find(claim.subject));
  return found ? await askToSubscribe(renga, found.signUp, asker, limits) : { kind: 'unknown' };
}

/** Whose leaving the link undoes, or why it does not; changes nothing. */
export async function lookAtLeaving(
  { store, clock }: Parts,
  token: string,
): Promise<
  | { readonly kind: 'left'; readonly subscriber: Subscriber }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' }
> {
  const claim = parsePurposeToken('undo', token, await store.linkKeys());
  if (!claim) return { kind: 'unknown' };
  const subscriber = await store.subscribers.byId(claim.subject);
  const isOpen = subscriber?.state === 'unsubscribed' && isWithin(claim.at, UNDO_WITHIN, clock());
  return isOpen ? { kind: 'left', subscriber } : { kind: 'expired' };
}

export async function comeBackByToken(
  { store, clock }: Parts,
  token: string,
): Promise<'returned' | 'known' | 'expired' | 'unknown'> {
  const claim = parsePurposeToken('undo', token, await store.linkKeys());
  return claim ? await store.subscribers.comeBack(claim.subject, claim.at, clock()) : 'unknown';
}

function newest(keys: readonly LinkKey[]): LinkKey {
  const [key] = keys;
  if (!key) throw new Error('The store has no link key');
  return key;
}
