/** The settings of a publication, checked and complete: every default is filled in, and domain types stand where there are any. */
import type { FormerFeeds } from '../domain/former-feeds.ts';
import type { Account } from '../domain/account.ts';
import type { InDoubtPolicy } from '../domain/delivery.ts';
import type { Podcast } from '../domain/podcast.ts';
import type { Problem } from '../domain/problem.ts';
import type { Publication, Series } from '../domain/publication.ts';
import type { Target } from '../domain/target.ts';

export type Config = {
  readonly publication: Publication;
  /** In the order of the file. Schedules are cron, whichever form they were written in. */
  readonly series: readonly Series[];
  readonly smtp: SmtpSetting;
  /** Null where mail is not signed by us. */
  readonly dkim: DkimSetting | null;
  readonly feeds: {
    /** How many of the newest posts a feed has. */
    readonly entries: number;
    readonly content: 'full' | 'summary';
    /** Whether Atom says which entries were taken away. */
    readonly tombstones: boolean;
    /** What the ids of feeds are made from, ending in `/`; null where the store knows, or is to learn it. */
    readonly base: string | null;
    readonly podcast: Podcast;
  } & FormerFeeds;
  readonly pages: {
    readonly enabled: boolean;
    /** URL pattern with `{slug}`, below the publication's URL or absolute; null while pages are ours. */
    readonly permalink: string | null;
  };
  readonly websub: WebsubSetting;
  readonly network: {
    /** Whether hubs and callbacks may be on this machine or in a private network. */
    readonly allowPrivate: boolean;
  };
  /** Where the files of `public/` are carried as well. */
  readonly targets: readonly Target[];
  readonly server: {
    readonly host: string;
    /** 0 lets the system choose. */
    readonly port: number;
    /** Reverse proxies that are believed, as `10.0.0.0/8`. */
    readonly proxies: readonly string[];
    /** Who may read `/metrics`. */
    readonly metrics:
      | { readonly kind: 'off' }
      | { readonly kind: 'loopback' }
      | { readonly kind: 'token'; readonly token: string };
  };
  readonly subscribe: {
    /** Origins of other sites whose scripts may send the form. */
    readonly sites: readonly string[];
    /** Tags that the form offers. */
    readonly tags: readonly string[];
    /** Whether the IP address of a sign-up is kept. */
    readonly keepOrigin: boolean;
    /** How many sign-ups an hour; null for any number. */
    readonly limits: {
      readonly perVisitor: number;
      readonly perDomain: number;
      readonly overall: number;
    } | null;
  };
  /** An absolute file path, or a `postgres:` URL (which may hold a password). */
  readonly database: string;
  /** An absolute file path, apart from the database. */
  readonly journal: string;
  readonly delivery: {
    /** How long a deferred delivery is tried; in hours, minutes and seconds only, so that instants can be moved by it. */
    readonly retryFor: Temporal.Duration;
    readonly inDoubt: InDoubtPolicy;
    /** How late a slot may still go out by itself. */
    readonly grace: Temporal.Duration;
  };
  /** What is allowed, but not as its author may expect: for `renga check` and the first lines of a run. */
  readonly problems: readonly Problem[];
};

export type WebsubSetting = {
  /** Their addresses, as feeds name them; the embedded one among them. */
  readonly hubs: readonly string[];
  /** Address of the embedded hub, or null where there is none. */
  readonly ownHub: string | null;
};

export type SmtpSetting =
  /** Mail stays on this machine, in the embedded inbox. */
  | { readonly kind: 'inbox' }
  /** At least one; their names differ. */
  | { readonly kind: 'accounts'; readonly accounts: readonly AccountSetting[] };

export type AccountSetting = Account & {
  /** Holds the password: it must never be shown. */
  readonly url: string;
  /** After how many messages a connection is opened anew. */
  readonly maxMessages: number;
};

export type DkimSetting = SigningKeySetting & {
  readonly domain: string;
  /** A second key, beside RSA. */
  readonly ed25519: SigningKeySetting | null;
};

/** `key` is the absolute path of a private key. */
export type SigningKeySetting = { readonly selector: string; readonly key: string };
