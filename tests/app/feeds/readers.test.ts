/**
 * A reader who asks after every publish never meets an old post as a new one, whatever the author, the files and the database go through. Real folders,
 * real SQLite; the reader is a set of ids.
 */
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { array, asyncProperty, assert, constantFrom, nat, tuple } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { writeIds } from '../../../src/app/identity/write-ids.ts';
import type { Workshop } from '../../../src/render/workshop.ts';
import { openCache } from '../../../src/store/open-cache.ts';
import { openStore } from '../../../src/store/open-store.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  START,
} from '../example-publication.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = openExampleWorkshop();
});
afterAll(async () => await workshop.close());

const FEED_LENGTH = 4;

type Item = {
  readonly id: string;
  readonly title: string;
  readonly date_published: string;
  readonly date_modified: string;
};

/** A publication whose author, clock and database are in the test's hand, and a reader of its feed. */
type World = {
  readonly example: ExamplePublication;
  renga: Renga;
  hours: number;
  /** Paths of posts that are there. */
  readonly files: string[];
  count: number;
};

async function openWorld(posts: number, changes: Partial<Renga['settings']['feeds']> = {}): Promise<World> {
  const example = await openExamplePublication(workshop);
  const { settings } = example.renga;
  const world: World = { example, renga: example.renga, hours: 0, files: [], count: 0 };
  const feeds = { ...settings.feeds, entries: FEED_LENGTH, ...changes };
  const pages = { ...settings.pages, enabled: false };
  world.renga = {
    ...world.renga,
    settings: { ...settings, feeds, pages },
    clock: () => START.add({ hours: world.hours }),
  };
  for (let index = 0; index < posts; index += 1) await writePost(world);
  return world;
}

const NOUNS = [
  'river',
  'server',
  'branch',
  'window',
  'kettle',
  'ledger',
  'mountain',
  'signal',
  'garden',
  'engine',
  'letter',
  'harbour',
];

/** Words that no other post has. */
function wordsOf(count: number): string {
  const noun = (step: number): string => `${NOUNS[(count * 5 + step) % NOUNS.length]}${count}`;
  return Array.from(
    { length: 12 },
    (_, step) => `The ${noun(step)} came before the ${noun(step * 3 + 1)}.`,
  ).join(' ');
}

/** Every other post has no date of its own. */
async function writePost(world: World): Promise<void> {
  const count = (world.count += 1);
  const date = count % 2 === 0 ? '' : `date: 2026-10-${String((count % 28) + 1).padStart(2, '0')}\n`;
  const path = `posts/post-${count}.md`;
  await world.example.write(path, `---\ntitle: Post ${count}\n${date}---\n${wordsOf(count)}\n`);
  world.files.push(path);
}

async function publishNow(world: World, allowReflood = false): Promise<readonly Item[]> {
  world.hours += 1;
  await publishFeedsAndPages(world.renga, { trustStamps: true, allowEmpty: true, allowReflood });
  return await readFeed(world);
}

async function readFeed({ example }: World): Promise<readonly Item[]> {
  return (JSON.parse((await example.published('feed.json')) ?? '{"items":[]}') as { items: Item[] }).items;
}

async function change(world: World, path: string, edit: (text: string) => string): Promise<void> {
  const file = join(world.example.root, path);
  await writeFile(file, edit(await readFile(file, 'utf8')));
}

async function move(world: World, path: string, to: string): Promise<void> {
  await world.example.write(to, '');
  await rename(join(world.example.root, path), join(world.example.root, to));
  world.files[world.files.indexOf(path)] = to;
}

const addSentence = (text: string, step: number): string =>
  `${text.trimEnd()} And at hour ${step} it rained.\n`;
const setField = (text: string, key: string, value: string): string =>
  text.replace(new RegExp(`^${key}: .*\n`, 'm'), '').replace('---\n', `---\n${key}: ${value}\n`);

async function openAt(world: World, location: string): Promise<void> {
  const store = await openStore({ location, now: START });
  onTestFinished(async () => await store.close());
  world.renga = { ...world.renga, store };
}

type Act = (world: World, path: string, step: number) => Promise<void>;

const ACTS = {
  rename: async (world, path, step) => await move(world, path, `posts/renamed-${step}.md`),
  move: async (world, path, step) =>
    await move(world, path, `posts/folder-${step}/${path.split('/').at(-1)}`),
  edit: async (world, path, step) => await change(world, path, (text) => addSentence(text, step)),
  'rename and edit': async (world, path, step) => {
    await change(world, path, (text) => addSentence(text, step));
    await move(world, path, `posts/other-${step}.md`);
  },
  slug: async (world, path, step) =>
    await change(world, path, (text) => setField(text, 'slug', `slug-${step}`)),
  date: async (world, path, step) =>
    await change(world, path, (text) =>
      setField(text, 'date', `2026-09-${String((step % 28) + 1).padStart(2, '0')}`),
    ),
  'date of today': async (world, path) =>
    await change(world, path, (text) => setField(text, 'date', '2026-11-12')),
  touch: async (world, path) => await change(world, path, (text) => text),
  tag: async (world, path, step) => await change(world, path, (text) => setField(text, 'tags', `t${step}`)),
  swap: async (world, path) => {
    const other = world.files.find((file) => file !== path);
    if (other === undefined) return;
    const [a, b] = [join(world.example.root, path), join(world.example.root, other)];
    await rename(a, `${a}.away`);
    await rename(b, a);
    await rename(`${a}.away`, b);
  },
  remove: async (world, path) => {
    if (world.files.length === 1) return;
    await world.example.remove(path);
    world.files.splice(world.files.indexOf(path), 1);
  },
  write: async (world) => await writePost(world),
  'new domain': async (world, _, step) => {
    const { publication } = world.renga;
    world.renga = { ...world.renga, publication: { ...publication, url: `https://d${step}.example/` } };
  },
  'new scheme': async (world) => {
    const { publication } = world.renga;
    world.renga = {
      ...world.renga,
      publication: { ...publication, url: publication.url.replace('https:', 'http:') },
    };
  },
  'lose the cache': async (world) => {
    const { root } = world.example;
    const cache = openCache(join(root, 'var', `cache-${world.hours}.db`));
    onTestFinished(() => cache.close());
    world.renga = { ...world.renga, cache };
  },
  'lose the database after ids --write': async (world, _, step) => {
    await writeIds(world.renga);
    await openAt(world, join(world.example.root, 'var', `new-${step}.db`));
  },
} as const satisfies Readonly<Record<string, Act>>;

type ActName = keyof typeof ACTS;
const NAMES = Object.keys(ACTS) as ActName[];

const titlesOf = ({ count }: World): ReadonlySet<string> =>
  new Set(Array.from({ length: count }, (_, index) => `Post ${index + 1}`));

/** Titles of new items that are no new posts. */
function oldAmongNew(
  seen: ReadonlySet<string>,
  items: readonly Item[],
  known: ReadonlySet<string>,
): readonly string[] {
  return items.filter(({ id, title }) => !seen.has(id) && known.has(title)).map(({ title }) => title);
}

describe('a reader', () => {
  it.each(NAMES)('sees no old post as new after: %s', async (name) => {
    const world = await openWorld(FEED_LENGTH + 3);
    const seen = new Set((await publishNow(world)).map(({ id }) => id));
    const known = titlesOf(world);
    for (const [step, path] of [...world.files].entries()) {
      if (world.files.includes(path)) await ACTS[name](world, path, step);
      const items = await publishNow(world);
      expect(oldAmongNew(seen, items, known)).toEqual([]);
    }
  });

  it('sees no old post as new through any history', async () => {
    const act = tuple(constantFrom(...NAMES), nat(9));
    const history = array(array(act, { minLength: 1, maxLength: 2 }), { maxLength: 7 });
    await assert(
      asyncProperty(history.filter(isKnowable), async (rounds) => {
        const world = await openWorld(FEED_LENGTH + 3);
        const seen = new Set((await publishNow(world)).map(({ id }) => id));
        for (const [round, acts] of rounds.entries()) {
          const known = titlesOf(world);
          for (const [index, [name, choice]] of acts.entries()) {
            const path = world.files[choice % world.files.length];
            if (path !== undefined) await ACTS[name](world, path, round * 10 + index);
          }
          const items = await publishNow(world);
          expect(oldAmongNew(seen, items, known)).toEqual([]);
          expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
          for (const { id } of items) seen.add(id);
        }
      }),
      { numRuns: 12 },
    );
  });
});

/** That a post was in the feed once and left it is known to the database alone: one that is lost, and then dated today, is news. */
function isKnowable(rounds: readonly (readonly (readonly [ActName, number])[])[]): boolean {
  const names = new Set(rounds.flat().map(([name]) => name));
  return !(names.has('date of today') && names.has('lose the database after ids --write'));
}

describe('a database', () => {
  const facts = (items: readonly Item[]): readonly unknown[] =>
    items.map(({ id, title, date_published, date_modified }) => [id, title, date_published, date_modified]);

  it('that is lost after ids --write gives the same feeds on a fresh clone, to the byte', async () => {
    const world = await openWorld(FEED_LENGTH);
    await publishNow(world);
    world.hours += 100;
    await change(world, 'posts/post-2.md', (text) => addSentence(text, 1));
    await publishNow(world);
    await writeIds(world.renga);
    await publishNow(world);
    const before = await world.example.publicFiles();
    const clone = await openWorld(0);
    for (const path of world.files)
      await clone.example.write(path, await readFile(join(world.example.root, path), 'utf8'));
    clone.hours = 5000;
    await publishNow(clone);
    expect(await clone.example.publicFiles()).toEqual(before);
    // And once more with the same database: nothing that ids --write wrote is a change.
    expect(facts(await publishNow(world))).toEqual(facts(await readFeed(clone)));
  });

  it('that is lost without ids --write finds ids and dates in the feeds that readers have', async () => {
    const world = await openWorld(FEED_LENGTH);
    const before = await publishNow(world);
    world.hours += 500;
    await openAt(world, join(world.example.root, 'var', 'new.db'));
    world.renga = {
      ...world.renga,
      publication: { ...world.renga.publication, url: 'https://else.example/x/' },
    };
    expect(facts(await publishNow(world))).toEqual(facts(before));
  });

  it('that is restored from before some posts and edits tells readers nothing new', async () => {
    const world = await openWorld(2);
    await publishNow(world);
    const copy = join(world.example.root, 'var', 'older.db');
    await world.renga.store.backup(copy);
    world.hours += 24;
    await writePost(world);
    await writePost(world);
    await change(world, 'posts/post-1.md', (text) => addSentence(text, 1));
    await move(world, 'posts/post-2.md', 'posts/renamed.md');
    const before = await publishNow(world);
    world.hours += 24;
    await copyFile(copy, join(world.example.root, 'var', 'restored.db'));
    await openAt(world, join(world.example.root, 'var', 'restored.db'));
    expect(facts(await publishNow(world))).toEqual(facts(before));
    await rm(copy);
  });
});

describe('updated', () => {
  it('moves on a change of content alone, once, and says what front matter says', async () => {
    const world = await openWorld(3);
    const before = await publishNow(world);
    const modified = (items: readonly Item[], title: string): string | undefined =>
      items.find((item) => item.title === title)?.date_modified;
    for (const name of [
      'rename',
      'move',
      'slug',
      'touch',
      'tag',
      'swap',
      'new domain',
      'lose the cache',
    ] as const) {
      const path = world.files[0] ?? '';
      await ACTS[name](world, path, 1);
      const items = await publishNow(world);
      for (const { title } of items)
        expect([name, modified(items, title)]).toEqual([name, modified(before, title)]);
    }
    await change(world, world.files[1] ?? '', (text) => addSentence(text, 1));
    const edited = await publishNow(world);
    const moved = edited.filter(({ title }) => modified(edited, title) !== modified(before, title));
    expect(moved.map(({ date_modified }) => date_modified)).toEqual([
      START.add({ hours: world.hours }).toString(),
    ]);
    expect((await publishNow(world)).map(({ date_modified }) => date_modified)).toEqual(
      edited.map(({ date_modified }) => date_modified),
    );
    await change(world, world.files[1] ?? '', (text) =>
      setField(addSentence(text, 2), 'updated', '2026-11-11T10:00:00Z'),
    );
    expect(modified(await publishNow(world), moved[0]?.title ?? '')).toBe('2026-11-11T10:00:00Z');
  });
});
