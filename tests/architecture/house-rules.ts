/** The rules of the house as tables: what each folder may know, and which file is the door of which package. Change them here, with a reason. */

export type Door = {
  /** Files or folders (ending in `/`) that may import the package. */
  readonly within: readonly string[];
  /** True: one file only, wherever it is within. */
  readonly oneFile: boolean;
};

export type Rooms = {
  /** Files beside the rooms that every room may import. All others there use rooms, and no room knows them. */
  readonly ground: readonly string[];
  /** Folders, from the lowest to the highest. */
  readonly order: readonly string[];
};

export type HouseRules = {
  /** Level of each unit of `src/`, a folder or a file: imports go to a lower level, or stay inside the unit. */
  readonly levels: Readonly<Record<string, number>>;
  /** Units whose folders are rooms: a room's files import rooms before it in the list, and of the unit's own files only the ground. */
  readonly rooms: Readonly<Record<string, Rooms>>;
  /** Every package that may be imported, and Node's modules that are as weighty as one. */
  readonly doors: Readonly<Record<string, Door>>;
  /** Of Node's own modules, all that a unit may import. Units that are not listed may import any that has no door. */
  readonly pureUnits: Readonly<Record<string, readonly string[]>>;
  /** Files that may read the environment and the clock. */
  readonly outermost: readonly string[];
  /** Files that turn our times into a `Date` because a package or a format wants one, with the reason. None may ask a `Date` for the time. */
  readonly dateDoors: Readonly<Record<string, string>>;
  readonly forbiddenNames: readonly string[];
  readonly largestFile: number;
  readonly largestMedian: number;
  /** Files and folders of `tests/` that mirror nothing in `src/`, with the reason. */
  readonly testsApart: Readonly<Record<string, string>>;
};

const oneFile = (...within: readonly string[]): Door => ({ within, oneFile: true });
const anywhereIn = (...within: readonly string[]): Door => ({ within, oneFile: false });

export const HOUSE_RULES: HouseRules = {
  levels: {
    domain: 0,
    posts: 1,
    render: 1,
    mail: 1,
    // What is beyond this program and its folder: servers of strangers, and commands. Beside mail, for it has rules of its own about where it goes.
    outside: 1,
    store: 1,
    config: 1,
    app: 2,
    http: 3,
    cli: 4,
    wire: 4,
    'main.ts': 5,
  },
  rooms: {
    app: {
      ground: [
        'event.ts',
        'give-way.ts',
        'map-in-flight.ts',
        'renga.ts',
        'sleep-until.ts',
        'tally.ts',
        'tell-failures.ts',
      ],
      order: [
        'identity',
        'entries',
        'feeds',
        'site',
        'delivery',
        'digests',
        'notices',
        'carry',
        'websub',
        'sharing',
        'subscribers',
        'lists',
      ],
    },
  },
  doors: {
    'any-ascii': oneFile('src/posts/'),
    'image-size': oneFile('src/posts/'),
    syllable: oneFile('src/posts/'),
    feed: oneFile('src/render/'),
    mjml: oneFile('src/render/'),
    marked: oneFile('src/render/'),
    liquidjs: anywhereIn('src/render/liquid/'),
    'sanitize-html': oneFile('src/render/'),
    'html-to-text': oneFile('src/render/'),
    nodemailer: anywhereIn('src/mail/'),
    'smtp-server': anywhereIn('src/mail/'),
    mailparser: anywhereIn('src/mail/'),
    'node-cron': oneFile('src/app/'),
    // Requests to strangers go through it, and nowhere else: it judges where to.
    'node:https': oneFile('src/outside/'),
    kysely: anywhereIn('src/store/'),
    'node:sqlite': anywhereIn('src/store/'),
    pg: anywhereIn('src/store/'),
    hono: anywhereIn('src/http/'),
    'prom-client': oneFile('src/http/'),
    '@hono/node-server': anywhereIn('src/http/'),
    commander: anywhereIn('src/cli/'),
    pino: oneFile('src/cli/'),
    zod: anywhereIn('src/config/'),
    yaml: anywhereIn('src/posts/', 'src/config/'),
    'fastest-levenshtein': oneFile('src/config/'),
    'temporal-polyfill': anywhereIn('src/main.ts', 'src/store/store-thread.ts'),
  },
  pureUnits: {
    domain: ['node:crypto', 'node:url'],
    // What it is made from comes as values: it opens no file and no socket. Threads and processes are how it bounds others' code.
    render: [
      'node:child_process',
      'node:crypto',
      'node:module',
      'node:os',
      'node:path',
      'node:url',
      'node:worker_threads',
    ],
  },
  outermost: ['src/wire/', 'src/main.ts'],
  dateDoors: {
    'src/mail/personalise.ts': 'prints the RFC 5322 date of a message',
    'src/mail/read-inbox.ts': 'parses the date of a kept mail, in any of the forms that mail has had',
    'src/render/feeds/check/check-feeds.ts': 'parses the dates of a feed, RFC 822 among them',
    'src/render/feeds/feed-dates.ts':
      'the package feed takes a Date, and threads that render feeds have no Temporal',
    'src/render/pages/page-data.ts': 'Intl formats a Date; not every Node lets it format our times',
    'src/render/digest/render-date.ts': 'Intl formats a Date; not every Node lets it format our times',
  },
  forbiddenNames: 'util helper common shared tool misc core base manager service'.split(' '),
  largestFile: 250,
  largestMedian: 90,
  testsApart: {
    'architecture.test.ts': 'judges the whole of src/',
    'architecture/': 'what it judges with',
    'build.test.ts': 'how `dist/` is made, and when a checkout runs from it',
    'abuse/': 'what strangers may try on the server, on a socket and a store',
    'peers/': 'Renga as packed, against programs of others',
    'proofs/': 'the promise of delivery, kept by the real program through kills and faults',
  },
};
