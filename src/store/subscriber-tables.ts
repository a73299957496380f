/** The tables of subscribers and of what they ask for, apart from the others only so that a page holds them. Times as in `tables.ts`. */
import type { Generated } from 'kysely';
import type { Address } from '../domain/address.ts';
import type { NoticeKind, NoticeState } from '../domain/notice.ts';
import type { StoryKind, SubscriberState } from '../domain/subscriber.ts';

type Milliseconds = number;

export type SubscribersTable = {
  id: Generated<number>;
  address: Address;
  address_key: string;
  name: string;
  /** `erased`: of a person nothing else is left; nobody outside the store ever sees such a row. */
  state: SubscriberState | 'erased';
  /** 1: every series, also those to come. 0: those in `cadences`. */
  takes_all: number;
  /** 1: posts with any tag or none. 0: those with one of `subscriber_tags`. */
  takes_all_tags: Generated<number>;
  /** No digest is frozen for them before; null while they pause nothing. */
  paused_until: Milliseconds | null;
  source: string;
  created_at: Milliseconds;
  confirmed_at: Milliseconds | null;
  ended_at: Milliseconds | null;
  end_reason: string | null;
};

/** What befell a subscriber, in order of `number` from 1. */
export type StoriesTable = {
  subscriber: number;
  number: number;
  at: Milliseconds;
  kind: StoryKind;
  source: string;
  words: string;
  origin: string | null;
};

/** `series` and `tags`: JSON lists, or null for all. */
export type SignUpsTable = {
  id: Generated<number>;
  address: Address;
  address_key: string;
  name: string;
  series: string | null;
  tags: string | null;
  source: string;
  words: string;
  origin: string | null;
  asked_at: Milliseconds;
  /** Null until the processor has dealt with it. */
  answered_at: Milliseconds | null;
  /** Whose it is since then. */
  subscriber: number | null;
};

export type NoticesTable = {
  id: Generated<number>;
  kind: NoticeKind;
  address: Address;
  address_key: string;
  subscriber: number;
  subject: number;
  detail: string;
  link_key: number;
  state: NoticeState;
  /** Grows with every claim; 0 before the first. */
  fence: number;
  /** Who holds it; null unless `claimed` or `handing-over`. */
  worker: string | null;
  /** Counted with the claim. */
  attempts: number;
  /** From when it may be claimed; null while nobody may. */
  next_attempt_at: Milliseconds | null;
  reply: string;
  made_at: Milliseconds;
  changed_at: Milliseconds;
};

/** Those that were made stay until they are forgotten. */
export type AddressChangesTable = {
  id: Generated<number>;
  subscriber: number;
  from_address: Address;
  to_address: Address;
  to_key: string;
  asked_at: Milliseconds;
  old_agreed_at: Milliseconds | null;
  new_agreed_at: Milliseconds | null;
};
