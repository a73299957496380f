/** Lists of subscribers are added whole, each bad line named, nobody twice, whatever their length. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { importSubscribers, type ImportReport, type ListLine } from '../../src/app/add-subscribers.ts';
import type { Store } from '../../src/domain/store.ts';
import { openStore } from '../../src/store/open-store.ts';

const NOW = Temporal.Instant.from('2026-11-16T09:00:00Z');

async function openEmptyStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-subscribers-'));
  const store = await openStore({ location: join(folder, 'renga.db'), now: NOW });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return store;
}

async function* linesOf(texts: readonly string[]): AsyncGenerator<ListLine> {
  for (const [index, text] of texts.entries())
    yield await Promise.resolve({ line: index + 1, text, name: 'A\u0007 name' });
}

it('adds a list longer than a batch once, and names each bad line', async () => {
  const store = await openEmptyStore();
  const texts = Array.from({ length: 2100 }, (_, index) => `r${index}@example.org`).with(1500, 'nobody');
  const run = async (dryRun: boolean): Promise<ImportReport> => {
    const options = { confirmed: true, source: 'a list', dryRun };
    return await importSubscribers({ store, clock: () => NOW }, linesOf(texts), options);
  };
  const refused = [{ line: 1501, text: 'nobody', reason: expect.any(String) }];
  expect(await run(true)).toEqual({ added: 2099, confirmed: 0, kept: 0, refused });
  expect((await store.subscribers.counts()).active).toBe(0);
  expect(await run(false)).toEqual({ added: 2099, confirmed: 0, kept: 0, refused });
  expect((await store.subscribers.counts()).active).toBe(2099);
  expect(await run(false)).toEqual({ added: 0, confirmed: 0, kept: 2099, refused });
  const [first] = await Array.fromAsync(store.subscribers.list());
  expect(first?.name).toBe('A  name');
});
