/** The archive on the web: there before the mails that link to it, and the same again from the store. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publish } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { SLOTS } from '../../../src/domain/message.ts';
import { newcomer } from '../../store/samples.ts';
import { postText, START, WEEKLY, openForEach } from '../example-publication.ts';

const example = openForEach(async ({ renga, write }) => {
  await write('posts/a.md', postText('A'));
  await renga.store.subscribers.add([newcomer('ann')], START);
});

const run = async (byHand: boolean, changes: Partial<Renga> = {}) =>
  await publish(
    { ...example.renga, ...changes },
    {
      trustStamps: true,
      allowEmpty: false,
      byHand: byHand ? WEEKLY : null,
      signal: new AbortController().signal,
    },
  );

describe('the archive of digests', () => {
  it('says so while nothing has gone out', async () => {
    await run(false);
    expect(await example.published('digests/index.html')).toContain('None has gone out yet');
  });

  it('has a page on the disk before anybody can deliver the digest', async () => {
    const { store } = example.renga;
    let page: string | null = null;
    const watching: Renga['store'] = {
      ...store,
      digests: {
        ...store.digests,
        freeze: async (...order) => {
          page = await example.published('digests/1/index.html');
          return await store.digests.freeze(...order);
        },
      },
    };
    await run(true, { store: watching });
    expect(page).not.toBeNull();
    expect(page).not.toContain(SLOTS.token);
    expect(await example.published('digests/1/index.html')).toBe(page);
    const list = await example.published('digests/index.html');
    expect(list).toContain('/digests/1/">No. 1');
  });

  it('is made again from the store, byte for byte', async () => {
    await run(true);
    const before = await example.published('digests/1/index.html');
    await rm(join(example.root, 'public'), { recursive: true });
    await run(false);
    expect(await example.published('digests/1/index.html')).toBe(before);
    expect(before).not.toBeNull();
  });

  it('is left out where the pages are not ours', async () => {
    const { settings } = example.renga;
    await run(true, { settings: { ...settings, pages: { ...settings.pages, enabled: false } } });
    expect([...(await example.publicFiles()).keys()].filter((path) => path.startsWith('digests'))).toEqual(
      [],
    );
  });

  it('names a digest that was lost with its database, and leads nowhere', async () => {
    await run(false);
    const lost = {
      number: 1,
      series: 'weekly',
      slot: 'weekly lost',
      subject: 'the lost one',
      frozenAt: START,
      posts: [],
    };
    await example.renga.store.repairs.recover({ digests: [lost], open: 'skip', above: 0, now: START });
    await example.write('posts/b.md', postText('B'));
    // Nothing is sent from it, and the pages are made all the same.
    await expect(run(false)).rejects.toThrow('nothing is sent');
    const list = await example.published('digests/index.html');
    expect(list).toContain('the lost one (its text was lost)');
    expect(await example.published('digests/1/index.html')).toBeNull();
  });
});
