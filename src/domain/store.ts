/**
 * The persistence port: what must outlive the program, by obligation. Every promise that resolves has been made durable
 * (fsync and all); every method is safe to call twice with the same facts, for the caller may have died before
 * it heard the answer. Several programs may hold one store at once.
 */
import type { AddressChanges } from './address-change.ts';
import type { Correction } from './correction.ts';
import type {
  Claim,
  DeliveryCounts,
  DeliveryState,
  DeliveryView,
  InDoubtPolicy,
  MarkedClaim,
  Outcome,
  SettledClaim,
} from './delivery.ts';
import type { DigestArchive } from './digest-archive.ts';
import type { JournalDigest } from './journal.ts';
import type { LinkKey } from './link-token.ts';
import type { MarkStep } from './mark-step.ts';
import type { Copy } from './message.ts';
import type { Pause, PauseScope } from './pause.ts';
import type { FormerPage, PageAnswer, PostRecord, Showing } from './post.ts';
import type { ReaderRecords } from './reader-records.ts';
import type { Hold, Share, SharedClaims } from './share.ts';
import type { Slot, SlotRecord } from './slot.ts';
import type { SubscriberList } from './subscriber-list.ts';
import type { NoticeBox } from './notice-box.ts';
import type { SignUpBook } from './sign-up-book.ts';
import type { WebsubRecords } from './websub.ts';
import type { Volumes } from './volume.ts';
import type { Worker } from './worker.ts';

export type { DigestArchive, FreezeRequest, FreezeResult } from './digest-archive.ts';
export type { SubscriberList } from './subscriber-list.ts';
export type { WebsubRecords } from './websub.ts';

export interface Store {
  readonly posts: PostRecords;
  readonly series: SeriesRecords;
  readonly digests: DigestArchive;
  readonly ledger: Ledger;
  readonly subscribers: SubscriberList;
  readonly signUps: SignUpBook;
  readonly notices: NoticeBox;
  readonly addressChanges: AddressChanges;
  readonly repairs: Repairs;
  readonly websub: WebsubRecords;
  readonly volumes: Volumes;
  readonly readers: ReaderRecords;
  /** Random and fixed when the store was made: sets its Message-IDs apart from those of any other store. */
  readonly instanceId: string;
  /** Address that the ids of feeds are made from; null until it is fixed. */
  feedBase(): Promise<string | null>;
  /** Fixes it for good, unless that was done before; answers the one that counts. */
  fixFeedBase(base: string): Promise<string>;
  /** All keys that ever signed a link, newest first; there is always one. */
  linkKeys(): Promise<readonly LinkKey[]>;
  /** Makes a key, newer than all there are; answers its id. Links of older keys go on working. Throws OperatorError when ids are used up. */
  rotateLinkKey(now: Temporal.Instant): Promise<LinkKey['id']>;
  /** Copies the store, whole and consistent, into a new file while it is in use. Refuses (OperatorError) a file that exists. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/** Which posts were ever seen: their identity for good. */
export interface PostRecords {
  all(): Promise<readonly PostRecord[]>;
  /** Those of these ids that were recorded, in any order. */
  some(ids: readonly string[]): Promise<readonly PostRecord[]>;
  /** Mark of all that is known of posts, volumes and former pages: while it is the same, nobody wrote any of it. */
  mark(): Promise<string>;
  /** Adds or updates by `id`, all or none. `firstSeenAt` of a known record is never moved, and its showing is left as it is. */
  record(records: readonly PostRecord[]): Promise<MarkStep | null>;
  /**
   * Notes what readers see of posts from now on, all or none, and keeps the page of a slug that changed as a former one. Ids that were never
   * recorded are passed over.
   */
  show(showings: readonly { readonly id: string; readonly showing: Showing }[]): Promise<MarkStep | null>;
  /** Every page that has no post any more because its post has another slug: by slug, the newest first. */
  formerPages(): Promise<readonly FormerPage[]>;
  /** What became of the post that had the page of this slug last; null when none had, or when one has it now. */
  findPage(slug: string): Promise<PageAnswer | null>;
}

/** What each series has been through: its backlog, what it carried, its slots. */
export interface SeriesRecords {
  /**
   * Must be called before anything else is asked of a series. The first time, and in one transaction, it fixes `now` as the moment slots
   * count from and records `backlog` (ids of posts not to be mailed) as carried; later calls change nothing.
   */
  open(series: string, now: Temporal.Instant, backlog: readonly string[]): Promise<'opened' | 'known'>;
  /** Whether the series was opened. */
  isOpen(series: string): Promise<boolean>;
  /** When it was opened; null before. */
  openedAt(series: string): Promise<Temporal.Instant | null>;
  /** Ids of posts the series has carried, or will never carry. */
  carried(series: string): Promise<ReadonlySet<string>>;
  /** Counts posts as carried though no digest has them: nobody takes the series who still wants them. Those that were carried stay as they are. */
  pass(series: string, posts: readonly string[]): Promise<void>;
  /** Those of `candidates` whose post a digest of the series carried, and that none of its digests has told. In their order. */
  untold(series: string, candidates: readonly Correction[]): Promise<readonly Correction[]>;
  /** Until when the series' slots have been recorded, or null before `open`. */
  consideredUntil(series: string): Promise<Temporal.Instant | null>;
  /** Adds slots, as `due` if nothing else is said, and moves `consideredUntil` forward (never back), in one transaction. A known name stays as it is. */
  recordSlots(
    series: string,
    slots: readonly Slot[],
    until: Temporal.Instant,
    state?: 'due' | 'missed',
  ): Promise<void>;
  slots(filter?: {
    readonly series?: string;
    readonly state?: SlotRecord['state'];
  }): Promise<readonly SlotRecord[]>;
  /** Decides a slot that is still `due` or `missed`; false when somebody else was first. Never used for `taken`: freezing does that. */
  decideSlot(
    name: string,
    state: 'empty' | 'folded' | 'missed' | 'skipped' | 'due',
    now: Temporal.Instant,
  ): Promise<boolean>;
}

/** The ledger of deliveries, which is also the queue. States and their order: `delivery.ts`. */
export interface Ledger {
  /** Makes a worker known, so that what it claims can be traced when it dies. */
  enlist(worker: Worker, now: Temporal.Instant): Promise<void>;
  /** Workers that hold claims, and until when their leases run. */
  claimants(): Promise<readonly { readonly worker: Worker; readonly leaseUntil: Temporal.Instant }[]>;
  /**
   * Takes back what a dead worker held: `claimed` becomes `due`, `handing-over` becomes `in-doubt` with an attempt that says
   * so. Returns how many of each. Only for a worker that is known to be dead or whose lease ran out.
   */
  release(worker: string, now: Temporal.Instant): Promise<{ readonly due: number; readonly inDoubt: number }>;
  /** Puts off the end of all leases of a worker. */
  renew(worker: string, leaseUntil: Temporal.Instant): Promise<void>;
  /**
   * Takes up to `limit` deliveries whose time has come (`due`; `deferred` past their next attempt; `in-doubt` under `retry`), oldest digest first.
   * A subscriber no longer active is made `withdrawn` instead and not returned. Two claimers never get the same delivery.
   */
  claim(order: {
    readonly worker: string;
    readonly limit: number;
    readonly now: Temporal.Instant;
    readonly leaseUntil: Temporal.Instant;
    readonly inDoubt: InDoubtPolicy;
    /** The account that they are to go through: there are none while it is paused, whoever paused it. */
    readonly account?: string;
  }): Promise<readonly Claim[]>;
  /**
   * As `claim`, for several accounts or under limits, which are counted here: each delivery for the account whose turn it is among those that may carry
   * it now. A delivery that none may carry for its domain is due again when it may be its turn; no attempt was made. A paused account gets nothing.
   */
  share(order: {
    readonly worker: string;
    readonly shares: readonly Share[];
    readonly now: Temporal.Instant;
    readonly leaseUntil: Temporal.Instant;
    readonly inDoubt: InDoubtPolicy;
  }): Promise<SharedClaims>;
  /** Domains that are held, also those whose time is over and that have not taken a message since. */
  holds(): Promise<readonly Hold[]>;
  hold(hold: Hold): Promise<void>;
  /** The domain takes messages again. */
  endHold(hold: Pick<Hold, 'account' | 'domain'>, now: Temporal.Instant): Promise<void>;
  /**
   * Marks `handing-over` just before the final dot. Resolves to false, and changes nothing, when the claim is no longer this
   * worker's (another fence), or when the subscriber left meanwhile (then it is `withdrawn`): no dot may leave.
   * `copy` is kept with the first mark, for later claims to carry; a later one changes nothing.
   */
  mark(claim: MarkedClaim, now: Temporal.Instant, copy?: Copy): Promise<boolean>;
  /**
   * Records an outcome and its attempt. `nextAttemptAt` is when a deferred or doubtful delivery is due again, or null when its retry time
   * ran out: a deferred one is then `given-up`, a doubtful one stays `in-doubt` and is not offered again. Changes nothing when the fence is an older one. Settlements of a connection are durable with or before its next mark.
   */
  settle(
    claim: SettledClaim,
    outcome: Outcome,
    now: Temporal.Instant,
    nextAttemptAt: Temporal.Instant | null,
  ): Promise<void>;
  /** Gives a claim back untouched: no attempt was made. */
  unclaim(claims: readonly Claim[], now: Temporal.Instant): Promise<void>;
  counts(digest: number): Promise<DeliveryCounts>;
  /** Grows with all that is sent, so that an older copy of the store can be told by its lower one (see `journal.ts`). 0 in a new store. */
  epoch(): Promise<number>;
  /** Makes it greater, and answers the new one. */
  raiseEpoch(): Promise<number>;
  /** In order of subscriber. Streams: a digest may have a million. */
  deliveries(digest: number, states?: readonly DeliveryState[]): AsyncIterable<DeliveryView>;
  /** What a subscriber was sent: newest digest first. */
  deliveriesOf(subscriber: number): Promise<readonly DeliveryView[]>;
  /** How many deliveries may be claimed now, pauses aside. */
  waiting(inDoubt: InDoubtPolicy, now: Temporal.Instant): Promise<number>;
  /**
   * When the next delivery is due: the past for one that is due now, null when none is open. One of a digest that is paused is due when that
   * pause ends, and not at all while nobody knows when.
   */
  nextDue(inDoubt: InDoubtPolicy): Promise<Temporal.Instant | null>;
  /** The pauses, also those whose time is over. Shared by all programs on the store; `claim` and `share` obey them. */
  pauses(): Promise<readonly Pause[]>;
  /** In place of the one of the same scope, if there is one. */
  setPause(pause: Pause): Promise<void>;
  /** Whether there was one. */
  endPause(scope: PauseScope): Promise<boolean>;
}

/** What a person decides about the ledger by hand. */
export interface Repairs {
  /** How many deliveries of a digest are in doubt and wait for a decision, by a person or by `inDoubt: retry`. */
  undecided(digest: number): Promise<number>;
  /**
   * `resend`: those in doubt or given up are due again, as the copy that was fixed. `skip`: those in doubt stay so for good. Of all subscribers
   * where `subscribers` is null. Answers how many it changed.
   */
  resolve(order: {
    readonly digest: number;
    readonly decision: 'resend' | 'skip';
    readonly subscribers: readonly number[] | null;
    readonly now: Temporal.Instant;
  }): Promise<number>;
  /**
   * What was not handed over yet is withdrawn, for good: an attempt that is under way is finished and not repeated. What is in doubt stays so.
   * Answers how many were withdrawn by this call.
   */
  cancel(digest: number, now: Temporal.Instant): Promise<number>;
  /** One transaction: makes a store that is behind its journal fit to send from. See `RecoveryOrder`. */
  recover(order: RecoveryOrder): Promise<RecoveryResult>;
}

export type RecoveryOrder = {
  /** What the journal knows. Those that the store does not know take their number, slot and posts, and have no deliveries. */
  readonly digests: readonly JournalDigest[];
  /** What becomes of open deliveries, which may have been sent: in doubt for good until a person resolves them, or due again. */
  readonly open: 'skip' | 'resend';
  /** The journal's epoch: the store's becomes greater. */
  readonly above: number;
  readonly now: Temporal.Instant;
};

export type RecoveryResult = {
  /** Added as lost. */
  readonly digests: number;
  /** Open ones that were decided on. */
  readonly deliveries: number;
  readonly epoch: number;
};
