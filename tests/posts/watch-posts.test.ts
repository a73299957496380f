/** No change goes unnoticed, and bursts make few calls. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { coalesceCalls, type Cause } from '../../src/posts/coalesce-calls.ts';
import { watchPosts, type Watch } from '../../src/posts/watch-posts.ts';
import { makePublication } from './publication-folder.ts';

const HOUR = 3_600_000;
const open: Watch[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (watch) => await watch.close()));
});

/** Watches, and lets a test wait until a call saw what it is waiting for. */
function watchUntil(
  root: string,
  pollMilliseconds = HOUR,
): { seen: (isSeen: (cause: Cause) => boolean) => Promise<Cause> } {
  const waiting = new Set<(cause: Cause) => void>();
  open.push(
    watchPosts({
      root,
      pollMilliseconds,
      onChange: (cause) => {
        for (const look of waiting) look(cause);
      },
    }),
  );
  return {
    seen: async (isSeen) =>
      await new Promise((resolve) => {
        const look = (cause: Cause): void => {
          if (!isSeen(cause)) return;
          waiting.delete(look);
          resolve(cause);
        };
        waiting.add(look);
      }),
  };
}

describe('watchPosts', () => {
  it('tells of a new post, a changed one, one in a new folder, and one that is gone', async () => {
    const publication = makePublication();
    const watch = watchUntil(publication.root);
    await watch.seen(() => true);
    for (const change of [
      () => publication.write('a.md', 'one'),
      () => publication.write('a.md', 'another'),
      () => publication.write('b-/-c-/-d.md', 'deep'),
      () => rmSync(join(publication.root, 'posts', 'a.md')),
    ]) {
      const told = watch.seen((cause) => cause === 'change');
      change();
      expect(await told).toBe('change');
    }
  });

  it('tells of a folder posts/ that is made later', async () => {
    const publication = makePublication();
    rmSync(join(publication.root, 'posts'), { recursive: true });
    const watch = watchUntil(publication.root);
    await watch.seen(() => true);
    const told = watch.seen(() => true);
    mkdirSync(join(publication.root, 'posts'));
    writeFileSync(join(publication.root, 'posts', 'a.md'), 'one');
    expect(await told).toBe('change');
  });

  it('looks every so often without being told', async () => {
    const watch = watchUntil(makePublication().root, 20);
    const isLook = (cause: Cause): boolean => cause === 'look';
    expect([await watch.seen(isLook), await watch.seen(isLook)]).toEqual(['look', 'look']);
  });

  it('never misses the last change of a burst', async () => {
    const publication = makePublication();
    let latest = '';
    const watch = watchUntil(publication.root);
    await watch.seen(() => true);
    const told = watch.seen(() => latest === '199');
    for (let count = 0; count < 200; count += 1) {
      latest = String(count);
      publication.write('a.md', latest);
    }
    expect(await told).toBe('change');
  });
});

describe('coalesceCalls', () => {
  it('makes few calls of many notices, never two at once, and one after the last', async () => {
    let noticed = 0;
    let running = 0;
    const calls: number[] = [];
    const settled = Promise.withResolvers<undefined>();
    const coalesced = coalesceCalls(async () => {
      running += 1;
      expect(running).toBe(1);
      const before = noticed;
      if (calls.length === 0) {
        for (let count = 0; count < 50; count += 1) {
          noticed += 1;
          coalesced.now('change');
        }
      }
      await Promise.resolve();
      calls.push(before);
      running -= 1;
      if (before === 51) settled.resolve(undefined);
    });
    noticed = 1;
    coalesced.now('change');
    await settled.promise;
    expect(calls).toEqual([1, 51]);
    await coalesced.close();
  });

  it('does not let a notice hide that it is time to look', async () => {
    const causes: Cause[] = [];
    const done = Promise.withResolvers<undefined>();
    const coalesced = coalesceCalls(async (cause) => {
      causes.push(cause);
      if (causes.length === 2) done.resolve(undefined);
      await Promise.resolve();
    });
    coalesced.now('change');
    coalesced.now('look');
    coalesced.now('change');
    await done.promise;
    expect(causes).toEqual(['change', 'look']);
    await coalesced.close();
  });

  it('ends when it is closed, after the call that is open', async () => {
    let isOver = false;
    const started = Promise.withResolvers<undefined>();
    const mayEnd = Promise.withResolvers<undefined>();
    const coalesced = coalesceCalls(async () => {
      started.resolve(undefined);
      await mayEnd.promise;
      isOver = true;
    });
    coalesced.now('change');
    await started.promise;
    coalesced.now('change');
    coalesced.soon();
    const closed = coalesced.close();
    mayEnd.resolve(undefined);
    await closed;
    expect(isOver).toBe(true);
    isOver = false;
    coalesced.now('look');
    expect(isOver).toBe(false);
  });
});
