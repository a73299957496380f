/**
 * The tables, as the queries see them. Times are integer milliseconds since 1970 (UTC), yes and no are 1 and 0, lists
 * that nothing searches are JSON. What each table protects is said where it is made: `migrations/`.
 */
import type { Address } from '../domain/address.ts';
import type { DeliveryState, Outcome } from '../domain/delivery.ts';
import type { SlotState } from '../domain/slot.ts';
import type { CallKind } from '../domain/websub.ts';
import type { FeedReadersTable } from './reader-table.ts';
import type {
  AddressChangesTable,
  NoticesTable,
  SignUpsTable,
  StoriesTable,
  SubscribersTable,
} from './subscriber-tables.ts';

export type {
  AddressChangesTable,
  NoticesTable,
  SignUpsTable,
  StoriesTable,
  SubscribersTable,
} from './subscriber-tables.ts';

type Milliseconds = number;

export type Tables = {
  /** `moved`: where the whole of it went; then nothing here is used any more. `epoch`: a number, see `epoch-records.ts`. `salt`: see `erased-keys.ts`. `feed-base`: see `feed-ids.ts`. `posts-mark`: see `posts-mark.ts`. */
  readonly settings: {
    name: 'schema' | 'instance' | 'moved' | 'epoch' | 'salt' | 'feed-base' | 'posts-mark';
    value: string;
  };
  readonly posts: {
    id: string;
    path: string;
    slug: string;
    file_hash: string;
    content_hash: string;
    first_seen_at: Milliseconds;
    changed_at: Milliseconds | null;
    /** JSON; null in a row that is older than traits. */
    traits: string | null;
    /** These four are null while the post was never shown. */
    shown_slug: string | null;
    shown_since: Milliseconds | null;
    shown_until: Milliseconds | null;
    in_feed: number | null;
  };
  /** Pages a post had before it got another slug. */
  readonly former_pages: { slug: string; post: string; until: Milliseconds };
  /** Archive documents of the feed, and the posts of each. */
  readonly volumes: { number: number; name: string };
  readonly volume_posts: { post: string; volume: number };
  readonly series: { name: string; opened_at: Milliseconds; considered_until: Milliseconds };
  /** `digest`, `position` and `title` are null for the backlog, which no digest carried. */
  readonly series_posts: {
    series: string;
    post: string;
    digest: number | null;
    position: number | null;
    title: string | null;
  };
  /** Corrections that a digest of the series opened with. */
  readonly corrections: { series: string; post: string; words: string; digest: number };
  readonly slots: {
    name: string;
    series: string;
    due_at: Milliseconds;
    state: SlotState;
    digest: number | null;
    decided_at: Milliseconds | null;
  };
  readonly digests: {
    number: number;
    series: string;
    slot: string;
    subject: string;
    frozen_at: Milliseconds;
  };
  readonly digest_contents: {
    digest: number;
    key: string;
    subject: string;
    html: string;
    text: string;
    folded: string;
    mime: Uint8Array;
  };
  /** Which posts a content holds. */
  readonly content_posts: { post: string; digest: number; content: string };
  readonly deliveries: DeliveriesTable;
  readonly attempts: {
    digest: number;
    subscriber: number;
    number: number;
    fence: number;
    at: Milliseconds;
    outcome: Outcome['kind'];
    reply: string;
    enhanced_code: string | null;
  };
  /** What is fixed of a message from its first mark until its delivery is over; `seal` is JSON. */
  readonly copies: {
    digest: number;
    subscriber: number;
    address: Address;
    name: string;
    link_key: number;
    seal: string | null;
  };
  readonly feed_readers: FeedReadersTable;
  readonly workers: {
    id: string;
    host: string;
    boot: string;
    pid: number;
    started_at: string;
    enlisted_at: Milliseconds;
    lease_until: Milliseconds;
  };
  readonly pauses: {
    /** `all`, `account NAME`, `digest 7`. */
    scope: string;
    reason: string;
    hint: string;
    since: Milliseconds;
    until: Milliseconds | null;
  };
  /** How far an account's limit is used up, and that of each domain it writes to (`''`: its own). In microseconds, but for `first_used_at`. */
  readonly rates: {
    account: string;
    domain: string;
    free_at: number;
    /** Of an account's own row: what is kept for a notice, see `kept-turn.ts`. */
    line_end: number;
    first_used_at: Milliseconds | null;
    /** How often in a row the domain put off all that came. */
    holds: number;
  };
  readonly subscribers: SubscribersTable;
  readonly cadences: { subscriber: number; series: string };
  readonly subscriber_tags: { subscriber: number; tag: string };
  readonly stories: StoriesTable;
  /** By address key, or by what `erased-keys.ts` makes of it. */
  readonly suppressions: { address_key: string; reason: string; since: Milliseconds };
  readonly sign_ups: SignUpsTable;
  readonly notices: NoticesTable;
  readonly address_changes: AddressChangesTable;
  /** By hashed visitor: until when the limit is used up, as `visitor-limit.ts` counts it. */
  readonly visitor_limits: { key: string; used_until: Milliseconds };
  readonly announcements: { hub: string; topic: string; hash: string };
  readonly callbacks: {
    topic: string;
    url: string;
    host: string;
    secret: string | null;
    lease_until: Milliseconds;
  };
  readonly calls: {
    kind: CallKind;
    topic: string;
    target: string;
    host: string;
    /** JSON, of `verify` only. */
    intent: string | null;
    /** Grows with all that is to be told. */
    version: number;
    /** Grows with every claim; 0 before the first. */
    fence: number;
    attempts: number;
    next_at: Milliseconds;
    /** 0 while nobody holds it. */
    claimed_until: Milliseconds;
  };
  readonly link_keys: { id: number; secret: Uint8Array; made_at: Milliseconds };
};

export type DeliveriesTable = {
  digest: number;
  subscriber: number;
  state: DeliveryState;
  content: string;
  /** Grows with every claim; 0 before the first. */
  fence: number;
  /** Who holds it; null unless `claimed` or `handing-over`. */
  worker: string | null;
  first_claimed_at: Milliseconds | null;
  /** From when it may be claimed (0: at once); null while nobody may. */
  next_attempt_at: Milliseconds | null;
  attempts: number;
  /** 1 once an attempt ended in doubt: from then on it is never taken for one that nobody received. 2: it is to be sent again, a person said. */
  doubted: number;
  changed_at: Milliseconds;
};
