/**
 * A program that begins where the last one ended: it looks at what changed alone, and whatever happened in between, what it leaves in `public/` is, byte for byte, what
 * one that knows nothing makes.
 */
import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, record } from 'fast-check';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { publish, publishRound } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { SiteMemory } from '../../../src/app/site/site-memory.ts';
import { openScout } from '../../../src/wire/open-scout.ts';
import type { Cache } from '../../../src/domain/cache.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { memoryCache } from '../../posts/publication-folder.ts';
import {
  type ExamplePublication,
  openExamplePublication,
  openExampleWorkshop,
  postText,
  START,
} from '../example-publication.ts';
import { buildElsewhere } from './build-elsewhere.ts';
import { applyChange, type PostChange, postChange } from './post-changes.ts';

const CHOICE = { trustStamps: true, allowEmpty: true, allowReflood: false };
const OPTIONS = { ...CHOICE, byHand: null, signal: new AbortController().signal };
const workshop = openExampleWorkshop();
afterAll(async () => await workshop.close());

/** All that the cache keeps of some kinds. */
const KINDS_OF_CACHE = ['site', 'writer', 'post-file', 'body', 'body-html', 'output', 'imprint', 'page-list'];

function copyCache(cache: Cache): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(KINDS_OF_CACHE.map((kind) => [kind, cache.all(kind)]));
}

/** As somebody does who brings back an older `var/cache.db`. */
function putBack(cache: Cache, copy: ReturnType<typeof copyCache>): void {
  for (const [kind, values] of copy) {
    const gone = [...cache.all(kind).keys()].map((key) => [key, null] as const);
    cache.put(kind, new Map<string, string | null>([...gone, ...values]));
  }
}

const PROGRAMS = [
  'plain',
  'plain',
  'plain',
  'round',
  'short',
  'linked',
  'other',
  'records',
  'dies',
  'dies-late',
  'swept',
  'old-cache',
  'old-store',
  'tampered',
  'scouted',
  'scouted-early',
  'scouted-tampered',
] as const;
type Step = { readonly changes: readonly PostChange[]; readonly program: (typeof PROGRAMS)[number] };

/** One program after the other, the first with four posts of which three are in the feed: then a newer one comes, and goes. What left the feed for it stays out. */
const COMES_AND_GOES: readonly Step[] = [['a', 'b', 'c'], ['deep/d'], ['deep/d']].map((names, index) => ({
  program: 'plain',
  changes: names.map(
    (name): PostChange => ({ kind: index === 2 ? 'remove' : 'post', name, to: name, text: 'One.' }),
  ),
}));
const step = record({ changes: array(postChange, { maxLength: 3 }), program: constantFrom(...PROGRAMS) });

/** Everything that a history has of its own. */
type History = {
  readonly publication: ExamplePublication;
  renga: Renga;
  readonly round: SiteMemory;
  oldCache: ReturnType<typeof copyCache> | null;
  oldStore: string | null;
  hasStrays: boolean;
};

const BEFORE: { readonly [Program in (typeof PROGRAMS)[number]]?: (history: History) => Promise<void> } = {
  round: async ({ renga, round }) => void (await publishRound(renga, CHOICE, round, null)),
  other: async (history) => {
    await publish({ ...history.renga, cache: memoryCache(), version: '2.0.0' }, OPTIONS);
    // What it wrote otherwise is not ours to remove.
    history.hasStrays = true;
  },
  records: async ({ renga }) => {
    const [first] = await renga.store.posts.all();
    if (first) await renga.store.posts.record([{ ...first, changedAt: renga.clock() }]);
  },
  dies: async ({ renga }) => {
    const template = async (): Promise<string> => await Promise.reject(new Error('died'));
    await publish({ ...renga, workshop: { ...renga.workshop, template } }, OPTIONS).catch(() => undefined);
  },
  'dies-late': async ({ renga }) => {
    const show = async (): Promise<never> => await Promise.reject(new Error('died'));
    const store = {
      ...renga.store,
      instanceId: renga.store.instanceId,
      posts: { ...renga.store.posts, show },
    };
    await publish({ ...renga, store }, OPTIONS).catch(() => undefined);
  },
  swept: async ({ renga: { cache } }) => {
    for (const kind of ['post-file', 'body', 'body-html']) {
      cache.put(kind, new Map([...cache.all(kind).keys()].map((key) => [key, null])));
    }
    await Promise.resolve();
  },
  'old-cache': async (history) => {
    if (history.oldCache) putBack(history.renga.cache, history.oldCache);
    history.hasStrays ||= history.oldCache !== null;
    history.oldCache = copyCache(history.renga.cache);
    await Promise.resolve();
  },
  'old-store': async (history) => {
    const { renga, publication, oldStore } = history;
    const copy = join(publication.root, 'var', `copy-${Math.random()}.db`);
    await renga.store.backup(copy);
    history.oldStore = copy;
    if (oldStore === null) return;
    const store = await openStore({ location: oldStore, now: START });
    onTestFinished(async () => await store.close());
    history.renga = { ...renga, store };
    history.hasStrays = true;
  },
  tampered: tamper,
  'scouted-tampered': tamper,
};

async function tamper({ publication }: History): Promise<void> {
  await publication.write('public/index.html', 'mine');
  rmSync(join(publication.root, 'public', 'atom.xml'), { force: true });
  rmSync(join(publication.root, 'public', 'first'), { recursive: true, force: true });
}

/** Few posts fit the feed, so that some leave it; and the config may be another this time. */
function programOf(renga: Renga, program: (typeof PROGRAMS)[number]): Renga {
  const { feeds, pages } = renga.settings;
  const entries = program === 'short' ? 2 : 3;
  const permalink = program === 'linked' ? 'https://elsewhere.example/{slug}/' : null;
  return {
    ...renga,
    settings: { ...renga.settings, feeds: { ...feeds, entries }, pages: { ...pages, permalink } },
  };
}

it('leaves what a program that knows nothing would, whatever happened since the last', {
  timeout: 240_000,
}, async () => {
  await assert(
    asyncProperty(array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
      const publication = await openExamplePublication(workshop);
      await publication.write('posts/first.md', postText('first'));
      const history: History = {
        publication,
        renga: programOf(publication.renga, 'plain'),
        round: new SiteMemory(),
        oldCache: null,
        oldStore: null,
        hasStrays: false,
      };
      for (const [index, { changes, program }] of steps.entries()) {
        history.renga = { ...history.renga, clock: () => START.add({ hours: index * 6 }) };
        for (const one of changes.slice(1)) await applyChange(publication, one);
        await BEFORE[program]?.(history);
        // Sent before the last change, it may have missed it: the next publish makes up for that.
        const early = program === 'scouted-early' ? openScout(publication.root, 0) : undefined;
        for (const one of changes.slice(0, 1)) await applyChange(publication, one);
        const now = programOf(history.renga, program);
        const isScouted = program === 'scouted' || program === 'scouted-tampered';
        const scout = early ?? (isScouted ? openScout(publication.root, 0) : undefined);
        await publish(now, { ...OPTIONS, scout });
        if (early) await publish(now, OPTIONS);
        const made = await buildElsewhere(now);
        const left = await publication.publicFiles();
        const known = history.hasStrays ? new Map([...left].filter(([path]) => made.has(path))) : left;
        expect(known).toEqual(made);
      }
    }),
    { numRuns: 25, examples: [[[...COMES_AND_GOES]]] },
  );
});

/** A program that refuses to read all that is known of all posts. */
function inPart(renga: Renga): Renga {
  const refuse = (what: string): never => {
    throw new Error(`asked for all of ${what}`);
  };
  const all = (kind: string): ReadonlyMap<string, string> =>
    ['post-file', 'body', 'output'].includes(kind) ? refuse(kind) : renga.cache.all(kind);
  const { store } = renga;
  const posts = { ...store.posts, all: async () => await Promise.resolve(refuse('posts')) };
  return {
    ...renga,
    cache: { ...renga.cache, all, each: all },
    store: { ...store, instanceId: store.instanceId, posts },
  };
}

async function publishFive(): Promise<ExamplePublication> {
  const publication = await openExamplePublication(workshop);
  for (const day of [1, 2, 3, 4, 5])
    await publication.write(`posts/p${day}.md`, postText(`p${day}`, 'x', `2026-11-0${day}`));
  await publish(publication.renga, OPTIONS);
  return publication;
}

describe('a program that begins', () => {
  it('reads no post, record or output that is as it was', async () => {
    const publication = await publishFive();
    const { renga, write, remove } = publication;
    await write('posts/p6.md', postText('p6', 'x', '2026-11-06'));
    const { files } = await publish(inPart(renga), OPTIONS);
    expect(files.filter((file) => file.change !== 'unchanged').map(({ path }) => path)).toContain(
      'p5/index.html',
    );
    await write('posts/p3.md', postText('p3', 'Other words.', '2026-11-03'));
    await publish(inPart(renga), OPTIONS);
    await remove('posts/p2.md');
    await publish(inPart(renga), OPTIONS);
    expect(await publication.publicFiles()).toEqual(await buildElsewhere(renga));
  });

  it('reads none either where it runs on', async () => {
    const publication = await publishFive();
    const { renga, write, remove } = publication;
    const memory = new SiteMemory();
    const round = async (...names: readonly string[]): Promise<void> => {
      const places = names.map((name) => join(realpathSync(renga.root), 'posts', name));
      await publishRound(inPart(renga), CHOICE, memory, places);
    };
    await round();
    await write('posts/p6.md', postText('p6', 'x', '2026-11-06'));
    await round('p6.md');
    await write('posts/p3.md', postText('p3', 'Other words.', '2026-11-03'));
    await remove('posts/p2.md');
    await round('p2.md', 'p3.md');
    await publishRound(inPart(renga), CHOICE, memory, null);
    await publishRound(inPart(renga), { ...CHOICE, trustStamps: false }, memory, null);
    expect(await publication.publicFiles()).toEqual(await buildElsewhere(renga));
  });

  it('goes on in one round where the cache lost what it asks of it', async () => {
    const publication = await publishFive();
    const { renga, write } = publication;
    renga.cache.put('body', new Map([1, 2, 3, 4, 5].map((day) => [`posts/p${day}.md`, null])));
    await write('posts/p6.md', postText('p6', 'x', '2026-11-06'));
    await publishRound(renga, CHOICE, new SiteMemory(), null);
    expect(await publication.publicFiles()).toEqual(await buildElsewhere(renga));
  });

  it('reads all anew where stamps are not to be trusted', async () => {
    const { renga, write } = await publishFive();
    await write('posts/p6.md', postText('p6', 'x', '2026-11-06'));
    await expect(publish(inPart(renga), { ...OPTIONS, trustStamps: false })).rejects.toThrow('asked for all');
  });

  it.each(['post-file', 'body'])(
    'begins once more where the cache lost what it asks of it: %s',
    async (kind) => {
      const publication = await publishFive();
      const { renga, write } = publication;
      renga.cache.put(kind, new Map([1, 2, 3, 4, 5].map((day) => [`posts/p${day}.md`, null])));
      await write('posts/p6.md', postText('p6', 'x', '2026-11-06'));
      await expect(publish(inPart(renga), OPTIONS)).rejects.toThrow('asked for all');
      await write('posts/p7.md', postText('p7', 'x', '2026-11-07'));
      await publish(renga, OPTIONS);
      expect(await publication.publicFiles()).toEqual(await buildElsewhere(renga));
    },
  );
});
