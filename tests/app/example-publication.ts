/** A whole publication for one test: a real folder, store, cache, lock and workshop, a plain digest and a server as a value. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, onTestFinished } from 'vitest';
import type { Event } from '../../src/app/event.ts';
import { openSealer } from '../../src/mail/open-sealer.ts';
import { readTexts } from '../../src/config/read-texts.ts';
import { openTally } from '../../src/app/tally.ts';
import type { Renga } from '../../src/app/renga.ts';
import type { Series } from '../../src/domain/publication.ts';
import { openWorkshop, type Workshop } from '../../src/render/workshop.ts';
import { openCache } from '../../src/store/open-cache.ts';
import { openJournal } from '../../src/store/open-journal.ts';
import { openLock } from '../../src/store/open-lock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readShippedTemplates } from '../render/digest/read-shipped-templates.ts';
import { PUBLICATION } from '../render/feeds/sample-entries.ts';
import { openExampleOutside } from './example-outside.ts';
import { ACCOUNT, describeWorker, openServer, type Server, transportTo } from './delivery/delivering.ts';

/** A Thursday before the first slot. */
export const START = Temporal.Instant.from('2026-11-12T12:00:00Z');
/** Monday 16 November 2026, 09:00 in Berlin. */
export const MONDAY = Temporal.Instant.from('2026-11-16T08:00:00Z');

export const WEEKLY: Series = {
  name: 'weekly',
  schedule: { kind: 'cron', cron: '0 9 * * 1' },
  zone: 'Europe/Berlin',
  minimum: 1,
  label: null,
  backlog: 'include',
  body: 'auto',
  subject: '{{ title }}',
};

export const TEMPLATES = readShippedTemplates();

/** To be kept for a file of tests: its threads take longer to start than most tests to run. */
export const openExampleWorkshop = (): Workshop =>
  openWorkshop({ templates: TEMPLATES, threads: 1, timeLimitMilliseconds: 20_000 });

export type ExamplePublication = {
  readonly root: string;
  readonly renga: Renga;
  readonly server: Server;
  readonly events: Event[];
  /** Writes a file below the publication's folder. */
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  /** A file of `public/`, or null. */
  readonly published: (path: string) => Promise<string | null>;
  /** Every file of `public/` with its bytes, by path. */
  readonly publicFiles: () => Promise<ReadonlyMap<string, string>>;
};

/** The text of a post with this title. */
export function postText(title: string, body = 'Text.', date = '2026-11-01'): string {
  return `---\ntitle: ${JSON.stringify(title)}\ndate: ${date}\n---\n${body}\n`;
}

export async function openExamplePublication(
  workshop: Workshop,
  changes: Partial<Renga> = {},
): Promise<ExamplePublication> {
  const root = await mkdtemp(join(tmpdir(), 'renga-app-'));
  await mkdir(join(root, 'posts'));
  await mkdir(join(root, 'var'));
  const store = await openStore({ location: join(root, 'var', 'renga.db'), now: START });
  const cache = openCache(join(root, 'var', 'cache.db'));
  onTestFinished(async () => {
    await store.close();
    cache.close();
    await rm(root, { recursive: true, force: true });
  });
  const server = openServer();
  const events: Event[] = [];
  const renga: Renga = {
    root,
    version: '1.0.0',
    publication: PUBLICATION,
    series: [WEEKLY],
    settings: {
      feeds: { entries: 20, content: 'full' },
      pages: { enabled: true, permalink: null },
      delivery: {
        retryFor: Temporal.Duration.from({ hours: 48 }),
        inDoubt: 'retry',
        grace: Temporal.Duration.from({ hours: 24 }),
      },
    },
    configProblems: [],
    templates: TEMPLATES,
    texts: (await readTexts(root, 'en')).texts,
    store,
    journal: openJournal(join(root, 'renga.journal'), { isOneOfMany: false }),
    cache,
    publishLock: openLock(join(root, 'var', 'publish.lock')),
    workshop,
    digestRenderer: plainRenderer,
    pressMail: plainPress,
    openSealer: async () => await Promise.resolve(openSealer({ keys: [], threads: 1 })),
    signingKeys: [],
    resolveTxt: async () => await Promise.resolve([]),
    websub: { hubs: [], ownHub: null },
    targets: [],
    hostFiles: [],
    ...openExampleOutside(root),
    accounts: [ACCOUNT],
    openTransport: async () => await Promise.resolve(transportTo(server)),
    worker: describeWorker('first'),
    isAlive: () => false,
    clock: () => START,
    report: (event) => void events.push(event),
    tally: openTally().read,
    ...changes,
  };
  const file = (path: string): string => join(root, path);
  return {
    root,
    renga,
    server,
    events,
    write: async (path, content) => {
      await mkdir(dirname(file(path)), { recursive: true });
      await writeFile(file(path), content);
    },
    remove: async (path) => await rm(file(path), { recursive: true }),
    published: async (path) => await readFile(file(`public/${path}`), 'utf8').catch(() => null),
    publicFiles: async () => await readPublicFiles(root),
  };
}

/** Every file of `public/` below a publication's folder, with its bytes, by path. */
export async function readPublicFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, 'public');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(
    async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const,
  );
  return new Map((await Promise.all(read)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One for each test of a file, all with one workshop; `prepare` makes what each test begins with. */
export function openForEach(
  prepare: (example: ExamplePublication) => Promise<void> = async () => await Promise.resolve(),
): ExamplePublication {
  const workshop = openExampleWorkshop();
  let example: ExamplePublication | null = null;
  beforeEach(async () => {
    example = await openExamplePublication(workshop);
    await prepare(example);
  });
  afterAll(async () => await workshop.close());
  const current = (): ExamplePublication => {
    if (example === null) throw new Error('There is a publication in tests, and none beside them');
    return example;
  };
  return {
    get root() {
      return current().root;
    },
    get renga() {
      return current().renga;
    },
    get server() {
      return current().server;
    },
    get events() {
      return current().events;
    },
    write: async (path, content) => await current().write(path, content),
    remove: async (path) => await current().remove(path),
    published: async (path) => await current().published(path),
    publicFiles: async () => await current().publicFiles(),
  };
}

/** What a notice's template sees, as JSON. */
export const plainPress: Renga['pressMail'] = async (template, view) =>
  await Promise.resolve(`<p>${template} ${JSON.stringify(view)}</p>`);

/** A renderer of plain documents: what the digest looks like is not what these tests are about. */
export const plainRenderer: Renga['digestRenderer'] = {
  render: async ({ entries, unsubscribeUrl }) => {
    const titles = entries.map(({ post }) => post.title).join(', ');
    return await Promise.resolve({
      subject: `a digest of ${titles}`,
      html: `<p>${titles} <a href="${unsubscribeUrl}">leave</a></p>`,
      text: `${titles}, leave: ${unsubscribeUrl}\n`,
      folded: [],
    });
  },
  close: async () => await Promise.resolve(),
};
