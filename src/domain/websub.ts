/**
 * WebSub (W3C): who is told when a feed has changed. A topic is the URL of a feed; a hub is told by a ping; the embedded hub tells callbacks, each of
 * which asked for it and confirmed that it did (§5.3). What we owe to a server of somebody else is a call, kept in the store until it is made.
 */

import type { VisitorLimit } from './visitor-limit.ts';

/** In place of a hub's URL: the hub that is part of this program. */
export const EMBEDDED_HUB = 'self';

/** What a hub was last told of a topic: the hash of its document. */
export type Announcement = { readonly hub: string; readonly topic: string; readonly hash: string };

/** What somebody asked of the embedded hub, or what it has to say, for one callback and topic. */
export type Intent =
  | { readonly mode: 'subscribe'; readonly leaseSeconds: number; readonly secret: string | null }
  | { readonly mode: 'unsubscribe' }
  | { readonly mode: 'denied'; readonly reason: string };

export type CallKind = 'ping' | 'verify' | 'deliver';

export type Call = {
  readonly kind: CallKind;
  readonly topic: string;
  /** The URL of the hub or callback. */
  readonly target: string;
  /** Of `verify`; else null. */
  readonly intent: Intent | null;
  /** Those that failed before this one. */
  readonly attempts: number;
  /** Tells a newer claim from an older one, and later news from those that the call was claimed with. */
  readonly fence: number;
  readonly version: number;
};

/** A callback that gets a topic's document whenever it changes, until its lease is over. */
export type Callback = {
  readonly topic: string;
  readonly url: string;
  /** What its deliveries are signed with (§7.1). */
  readonly secret: string | null;
  readonly leaseUntil: Temporal.Instant;
};

/** Calls of one kind that one host did not take yet. */
export type FailingHost = {
  readonly host: string;
  readonly kind: CallKind;
  readonly calls: number;
  /** Of the call that was tried most. */
  readonly attempts: number;
  /** When the first of them is made again. */
  readonly nextAt: Temporal.Instant;
};

/** How many callbacks the embedded hub serves, those that wait for their verification included. */
export type HubLimits = {
  readonly all: number;
  readonly perHost: number;
  /** What asking uses up. */
  readonly visitors?: readonly VisitorLimit[];
};

/** The part of the store's port that WebSub needs; its obligations are those of `store.ts`. */
export interface WebsubRecords {
  announcements(): Promise<readonly Announcement[]>;
  /**
   * One transaction: notes what was announced and owes the calls that follow, one `ping` to a hub, or one `deliver` to each callback of the topic at
   * the embedded one. A call that waits already is not made twice: it starts anew.
   */
  announce(news: readonly Announcement[], now: Temporal.Instant): Promise<void>;
  /** Whether a topic was ever announced to the embedded hub. */
  hasTopic(topic: string): Promise<boolean>;
  /**
   * Owes the verification of an intent, in place of one that waits for the same callback and topic. `full`: it would be one callback too many, and
   * nothing was done; a callback that is served already, or ends, always has room. `limited`: a limit of visitors is used up.
   */
  ask(
    request: { readonly topic: string; readonly callback: string; readonly intent: Intent },
    limits: HubLimits,
    now: Temporal.Instant,
  ): Promise<'taken' | 'full' | 'limited'>;
  /**
   * Takes calls that are due, for one worker until `until`: verifications and pings first. At most `perHost` to one host, those in `inFlight` counted.
   */
  claim(order: {
    readonly limit: number;
    readonly perHost: number;
    readonly inFlight: Readonly<Record<string, number>>;
    readonly now: Temporal.Instant;
    readonly until: Temporal.Instant;
  }): Promise<readonly Call[]>;
  /** The call was made, or is given up (`nextAt` null), or is due again. Changes nothing under an older fence; later news stay owed. */
  settle(call: Call, nextAt: Temporal.Instant | null, now: Temporal.Instant): Promise<void>;
  /** One transaction: settles a verification, and serves (or with null ends) its callback, unless something newer was asked meanwhile. */
  confirm(call: Call, leaseUntil: Temporal.Instant | null, now: Temporal.Instant): Promise<void>;
  /** Serves it no more, and owes it nothing more of the topic. */
  endCallback(topic: string, url: string): Promise<void>;
  /** One that is served now. */
  callback(topic: string, url: string, now: Temporal.Instant): Promise<Callback | null>;
  /** How many callbacks are served, and how many calls wait, by kind. */
  counts(now: Temporal.Instant): Promise<{ readonly callbacks: number } & Readonly<Record<CallKind, number>>>;
  /**
   * The host of that call does not answer: whatever else of its kind is owed there, and is not under way, waits as long and counts as tried as often, so
   * that the many calls of one host that is away take no turns from others.
   */
  putOffHost(call: Call, nextAt: Temporal.Instant, now: Temporal.Instant): Promise<void>;
  /** Where calls failed and wait to be made again: the `most` hosts that are owed the most. */
  failing(most: number): Promise<readonly FailingHost[]>;
  /** When the next call is due, the past for one that is due now; null when none waits. */
  nextDue(): Promise<Temporal.Instant | null>;
}
