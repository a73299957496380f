/** What every command is given: the terminal, the publication's folder, and the way to everything below, which `wire` knows. */
import type { Event } from '../app/event.ts';
import type { Renga } from '../app/renga.ts';
import type { Scout } from '../app/site/scout.ts';
import type { KeyRequest, MadeKey } from '../mail/dkim/make-key-file.ts';
import type { Terminal } from './terminal.ts';

export type Context = {
  readonly terminal: Terminal;
  /** Absolute. */
  readonly root: string;
  readonly wiring: Wiring;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly stopping: AbortSignal;
};

/** A publication opened: close it to let go of database, threads and children. */
export type OpenRenga = {
  readonly renga: Renga;
  /** Whether mail goes to the embedded inbox. */
  readonly usesInbox: boolean;
  /** Whether the addresses of origin that a list has are kept with the consents: `subscribe.keepOrigin`. */
  readonly keepsOrigin: boolean;
  /** Takes templates that changed, between two rounds. */
  readonly refresh: () => Promise<void>;
  /** From now on the listener is told of every event too; it must not throw. */
  readonly onEvent: (listener: (event: Event) => void) => void;
  readonly close: () => Promise<void>;
};

/** The web server: it listens before the publication is opened, whose links need its port. */
export type Listening = {
  readonly url: string;
  readonly port: number;
  /** From now on requests are answered; those that came before have waited. */
  readonly answerFor: (open: OpenRenga) => Promise<void>;
  /** Safe to call twice. */
  readonly close: () => Promise<void>;
};

/** What `wire` can build. Everything behind it is loaded when it is first called, so that `--help` stays quick. */
export type Wiring = {
  readonly version: string;
  /** What a person types to run this program as it was run now: `renga`, or `npm run renga --`. */
  readonly invocation: string;
  readonly openRenga: (
    root: string,
    report: (event: Event) => void,
    port: number | null,
  ) => Promise<OpenRenga>;
  /** Sends somebody ahead who looks at the site while the program is loaded; undefined where it is not worth it. */
  readonly openScout: (root: string) => Promise<Scout | undefined>;
  /** Null: the port of the config. */
  readonly listen: (root: string, port: number | null) => Promise<Listening>;
  readonly initPublication: (
    directory: string,
    answers: Readonly<Record<string, string>>,
  ) => Promise<readonly string[]>;
  /** `from` and `to`: a path below `root`, or a URL of PostgreSQL. */
  readonly moveDatabase: (root: string, from: string, to: string) => Promise<MovedDatabase>;
  /** For the domain of the config; a selector that is not given is made up. */
  readonly makeSigningKey: (root: string, request: NewKey) => Promise<MadeKey>;
};

/** Rows by table, and where they are now. */
export type MovedDatabase = { readonly to: string; readonly rows: Readonly<Record<string, number>> };

export type NewKey = Pick<KeyRequest, 'algorithm' | 'bits'> & { readonly selector: string | null };

/** Opens the publication for one command and closes it whatever happens. */
export async function withRenga<T>(
  context: Context,
  work: (open: OpenRenga) => Promise<T>,
  report: (event: Event) => void = () => undefined,
  port: number | null = null,
): Promise<T> {
  const open = await context.wiring.openRenga(context.root, report, port);
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}
