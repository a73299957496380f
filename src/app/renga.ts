/**
 * What the verbs of this folder work with: the publication's settings as plain values, and the ports to the world. `wire` builds it
 * once; a verb takes only the part it needs (`Pick<Renga, …>`), which says what it can touch.
 */
import type { FormerFeeds } from '../domain/former-feeds.ts';
import type { HostFile } from '../domain/host-file.ts';
import type { Account } from '../domain/account.ts';
import type { Cache } from '../domain/cache.ts';
import type { Clock } from '../domain/clock.ts';
import type { RunCommand } from '../domain/command-run.ts';
import type { InDoubtPolicy } from '../domain/delivery.ts';
import type { Journal } from '../domain/journal.ts';
import type { Lock } from '../domain/lock.ts';
import type { SendRequest } from '../domain/outgoing.ts';
import type { Podcast } from '../domain/podcast.ts';
import type { Problem } from '../domain/problem.ts';
import type { Publication, Series } from '../domain/publication.ts';
import type { Store } from '../domain/store.ts';
import type { Target } from '../domain/target.ts';
import type { Texts } from '../domain/texts.ts';
import type { Transport } from '../domain/transport.ts';
import type { Worker } from '../domain/worker.ts';
import type { ResolveTxt } from '../mail/dkim/look-up-record.ts';
import type { SigningKey } from '../mail/dkim/signing-key.ts';
import type { Sealer } from '../mail/open-sealer.ts';
import type { DigestRenderer, MailPress } from '../render/digest/render-digest.ts';
import type { Templates } from '../render/templates.ts';
import type { Workshop } from '../render/workshop.ts';
import type { Event } from './event.ts';
import type { Tally } from './tally.ts';

export type Renga = {
  /** The publication's folder, absolute. */
  readonly root: string;
  /** The program's own version, for `generator`. */
  readonly version: string;
  readonly publication: Publication;
  readonly series: readonly Series[];
  readonly settings: Settings;
  /** Who is told of changed feeds. */
  readonly websub: {
    /** Their addresses, as feeds name them; the embedded one among them. */
    readonly hubs: readonly string[];
    /** Address of the embedded hub, or null where there is none. */
    readonly ownHub: string | null;
  };
  /** Where the files of `public/` are carried as well. */
  readonly targets: readonly Target[];
  /** What the config allows, but not as its author may expect. */
  readonly configProblems: readonly Problem[];
  readonly templates: Templates;
  /** What the server's pages and the notices say. */
  readonly texts: Texts;
  readonly store: Store;
  readonly journal: Journal;
  readonly cache: Cache;
  /** Held while `public/` is written: one writer at a time. */
  readonly publishLock: Lock;
  readonly workshop: Workshop;
  readonly digestRenderer: DigestRenderer;
  /** Prints notices, in the same process. */
  readonly pressMail: MailPress;
  /** Makes the copies of frozen contents, signed where there is a key. */
  readonly openSealer: () => Promise<Sealer>;
  /** To servers of strangers: where it may go is its own to judge. */
  readonly sendRequest: SendRequest;
  /** What is wrong with a stranger's address, as far as it says itself; null where nothing is. */
  readonly judgeAddress: (url: string) => string | null;
  readonly runCommand: RunCommand;
  /** What hosts of static files are told. */
  readonly hostFiles: readonly HostFile[];
  /** Held while files are carried to the targets. */
  readonly carryLock: Lock;
  /** What digests are signed with, RSA first; empty where they are not. */
  readonly signingKeys: readonly SigningKey[];
  readonly resolveTxt: ResolveTxt;
  /** What messages go through: at least one, of different names. */
  readonly accounts: readonly Account[];
  /** To the account of that name; to the first, where none is named. A notice goes ahead where all connections are taken. */
  readonly openTransport: (account?: string, use?: 'digest' | 'notice') => Promise<Transport>;
  /** This running program, and how to tell whether another one still runs. */
  readonly worker: Worker;
  readonly isAlive: (worker: Worker) => boolean;
  readonly clock: Clock;
  /** Told what happens while it happens; must not throw. */
  readonly report: (event: Event) => void;
  /** What was reported, counted. */
  readonly tally: () => Tally;
};

export type Settings = {
  readonly feeds: {
    readonly entries: number;
    readonly tombstones?: boolean;
    readonly podcast?: Podcast;
    readonly base?: string | null;
    readonly content: 'full' | 'summary';
  } & Partial<FormerFeeds>;
  readonly pages: {
    readonly enabled: boolean;
    /** URL pattern of posts that another generator publishes (`{slug}`, `{year}`, `{month}`, `{day}`), or null. */
    readonly permalink: string | null;
  };
  readonly delivery: {
    /** How long a deferred delivery is tried before it is given up. */
    readonly retryFor: Temporal.Duration;
    readonly inDoubt: InDoubtPolicy;
    /** How late a slot may still go out by itself. */
    readonly grace: Temporal.Duration;
  };
};
