/** An account with a mail server, as delivering sees it: how much it may be asked to carry. Where the server stands is for the transport to know. */
import type { Address } from './address.ts';
import { domainOf } from './address.ts';

export type Account = {
  /** Its name in the config, in pauses and in what is counted for it. */
  readonly name: string;
  /** Its share of the messages, beside the weights of the others. */
  readonly weight: number;
  /** How many connections may be open at once. */
  readonly connections: number;
  /** Microseconds from one message to the next; 0 for no limit. */
  readonly interval: number;
  /** Limits by domain of the recipient, in A-labels; `*` for each that is not named. */
  readonly domains: Readonly<Record<string, DomainLimit>>;
  /** How many messages on the first day of its use, the second …; no limit after the last. */
  readonly warmUp: readonly number[];
};

export type DomainLimit = {
  /** Microseconds from one message to the next; 0 for no limit. */
  readonly interval: number;
  /** How many connections may at once carry a message there, or null for any number. */
  readonly connections: number | null;
};

/** How many messages may go in a second, an hour, a day. All hold, so the slowest says how they are spaced. */
export type Rate = {
  readonly perSecond?: number | undefined;
  readonly perHour?: number | undefined;
  readonly perDay?: number | undefined;
};

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

/** Microseconds between two messages, never less than a limit allows; 0 where there is none. */
export function intervalOf({ perSecond, perHour, perDay }: Rate): number {
  const limits: readonly (readonly [number, number | undefined])[] = [
    [SECOND, perSecond],
    [3600 * SECOND, perHour],
    [DAY, perDay],
  ];
  return Math.max(...limits.map(([time, count]) => (count === undefined ? 0 : Math.ceil(time / count))));
}

/** The account's interval while it warms up. `age`: microseconds since its first use; a day has 24 hours. */
export function intervalAt({ interval, warmUp }: Account, age: number): number {
  const today = warmUp[Math.floor(age / DAY)];
  return Math.max(interval, today === undefined ? 0 : intervalOf({ perDay: today }));
}

/** The limit for whoever lives at that address, or null. */
export function limitFor(account: Account, address: Address): DomainLimit | null {
  const domain = domainOf(address);
  const { domains } = account;
  if (Object.hasOwn(domains, domain)) return domains[domain] ?? null;
  return Object.hasOwn(domains, '*') ? (domains['*'] ?? null) : null;
}

/** Whether nothing has to be counted for it. */
export function isUnlimited({ interval, domains, warmUp }: Account): boolean {
  return interval === 0 && warmUp.length === 0 && Object.keys(domains).length === 0;
}
