/**
 * What an outcome says beyond its own delivery: about the server, which may want us slower or not at all, and about the recipient's domain, which may
 * put everybody off. Then the rest of the list waits, rather than being put off one by one.
 */
import { domainOf } from '../../domain/address.ts';
import type { Claim, Outcome } from '../../domain/delivery.ts';
import type { Hold } from '../../domain/share.ts';
import { isThrottle, replyCode } from '../../mail/smtp-reply.ts';
import { type Lane, stopLane, unpark } from './lane.ts';
import { pauseAccount } from './pause-delivery.ts';
import type { Renga } from '../renga.ts';

/** Refusals in a row, none of them saying that the address is wrong, that are about us. */
const REFUSALS_ABOUT_US = 10;
/** No such address (RFC 3463 §3.2), or one with letters the server cannot take (RFC 6531 §3.6). */
const ADDRESS_CODE = /^5\.(?:1\.\d|6\.7$)/;
/** Deferrals in a row, to several domains, that are the server's own. */
const DEFERRALS_OF_SERVER = 20;
const DOMAINS_OF_SERVER = 3;
/** Lines that broke in a row. */
const BROKEN_IN_A_ROW = 5;
/** Deferrals in a row that hold a domain. */
const DEFERRALS_OF_DOMAIN = 3;
/** Minutes; each hold after another is twice as long. */
const FIRST_HOLD = 5;
const LONGEST_HOLD = 240;
const GROW_AFTER = { minutes: 1 } as const;

export type Backing = {
  readonly renga: Pick<Renga, 'store' | 'clock' | 'report'>;
  /** By account and domain; kept here because a domain is asked about at every message. */
  readonly holds: Map<string, Hold>;
  /** Told when a domain is held: from then on the queue must look at holds. */
  readonly onHold: () => void;
};

/** Whether it is about us and not about the subscriber: no reason to strike an address. */
export function isAboutUs(outcome: Outcome): boolean {
  return outcome.kind === 'rejected' && outcome.scope === 'us';
}

export async function considerOutcome(
  backing: Backing,
  lane: Lane,
  claim: Pick<Claim, 'address'>,
  outcome: Outcome,
): Promise<void> {
  if (outcome.kind === 'accepted') return await considerSuccess(backing, lane, domainOf(claim.address));
  if (outcome.kind === 'rejected') return await considerRefusal(backing, lane, outcome);
  if (outcome.kind === 'deferred' && replyCode(outcome.reply) !== null) {
    return await considerDeferral(backing, lane, domainOf(claim.address), outcome.reply);
  }
  lane.broken += 1;
  if (lane.broken >= BROKEN_IN_A_ROW) await stop(backing, lane, 'smtp-dropped', outcome.reply);
}

async function considerSuccess({ renga, holds }: Backing, lane: Lane, domain: string): Promise<void> {
  lane.refusals = 0;
  lane.deferrals = 0;
  lane.broken = 0;
  lane.deferredDomains.clear();
  lane.streaks.delete(domain);
  const now = renga.clock();
  if (
    lane.allowed < lane.transport.connections &&
    Temporal.Instant.compare(lane.changedAt.add(GROW_AFTER), now) <= 0
  ) {
    lane.allowed += 1;
    lane.changedAt = now;
    unpark(lane);
  }
  const { name } = lane.account;
  if (lane.wasPaused) {
    lane.wasPaused = false;
    await renga.store.ledger.endPause({ kind: 'account', account: name });
  }
  if (holds.delete(keyOf(name, domain))) await renga.store.ledger.endHold({ account: name, domain }, now);
}

async function considerRefusal(
  backing: Backing,
  lane: Lane,
  outcome: Extract<Outcome, { kind: 'rejected' }>,
): Promise<void> {
  const blamesAddress = outcome.scope === 'subscriber' && ADDRESS_CODE.test(outcome.enhancedCode ?? '');
  if (!blamesAddress) lane.refusals += 1;
  if (!isAboutUs(outcome) && lane.refusals < REFUSALS_ABOUT_US) return;
  await stop(backing, lane, 'smtp-policy', outcome.reply);
}

async function considerDeferral(backing: Backing, lane: Lane, domain: string, reply: string): Promise<void> {
  lane.deferrals += 1;
  lane.deferredDomains.add(domain);
  if (isThrottle(reply)) {
    // Already at one: the account itself has enough for now.
    if (lane.allowed === 1 && lane.deferrals >= DEFERRALS_OF_DOMAIN) {
      return await stop(backing, lane, 'smtp-throttled', reply);
    }
    lane.allowed = Math.max(1, Math.floor(lane.allowed / 2));
    lane.changedAt = backing.renga.clock();
  }
  if (lane.deferrals >= DEFERRALS_OF_SERVER && lane.deferredDomains.size >= DOMAINS_OF_SERVER) {
    return await stop(backing, lane, 'smtp-throttled', reply);
  }
  const streak = (lane.streaks.get(domain) ?? 0) + 1;
  lane.streaks.set(domain, streak);
  const held = backing.holds.get(keyOf(lane.account.name, domain));
  // What tries a held domain is one message: its deferral is enough.
  if (streak < DEFERRALS_OF_DOMAIN && !held) return;
  await holdDomain(backing, lane, domain, held);
}

async function holdDomain(
  { renga, holds, onHold }: Backing,
  lane: Lane,
  domain: string,
  held: Hold | undefined,
): Promise<void> {
  const now = renga.clock();
  // Answers to messages that were on their way when it was held.
  if (held && Temporal.Instant.compare(held.until, now) > 0) return;
  const times = (held?.times ?? 0) + 1;
  const minutes = Math.min(LONGEST_HOLD, FIRST_HOLD * 2 ** (times - 1)) * (1 + (domain.length % 10) / 50);
  const hold: Hold = {
    account: lane.account.name,
    domain,
    until: now.add({ seconds: Math.round(minutes * 60) }),
    times,
  };
  lane.streaks.delete(domain);
  holds.set(keyOf(hold.account, domain), hold);
  await renga.store.ledger.hold(hold);
  onHold();
}

async function stop(
  { renga }: Backing,
  lane: Lane,
  fault: Parameters<typeof pauseAccount>[2],
  words: string,
): Promise<void> {
  if (lane.isStopped) return;
  stopLane(lane);
  await pauseAccount(renga, lane.account.name, fault, words);
}

export function keyOf(account: string, domain: string): string {
  return `${domain}\n${account}`;
}
