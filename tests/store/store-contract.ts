/** What the store is as a whole: made once, opened by many, identified for good. */
import { expect, it } from 'vitest';
import { type Database, openStoresOf } from './databases.ts';
import { at, newcomer } from './samples.ts';

export function storeContract(database: Database): void {
  const { open, openAt, openTwo, makeLocation } = openStoresOf(database);

  it('keeps its instance id and its link keys over a restart', async () => {
    const location = await makeLocation();
    const first = await openAt(location);
    const keys = await first.linkKeys();
    await first.close();
    const again = await openAt(location);
    expect(again.instanceId).toBe(first.instanceId);
    expect(again.instanceId).toMatch(/^[0-9a-f]{16}$/);
    expect(await again.linkKeys()).toEqual(keys);
  });

  it('has one link key of 32 bytes from the start', async () => {
    const store = await open();
    const keys = await store.linkKeys();
    expect(keys).toHaveLength(1);
    expect(keys[0]?.id).toBe(0);
    expect(keys[0]?.secret).toHaveLength(32);
  });

  it('fixes the base of feeds once, for all who have it open', async () => {
    const [one, other] = await openTwo();
    expect(await one.feedBase()).toBeNull();
    const bases = ['https://one.example/', 'https://other.example/'];
    const [first, second] = await Promise.all([
      one.fixFeedBase(bases[0] ?? ''),
      other.fixFeedBase(bases[1] ?? ''),
    ]);
    expect(bases).toContain(first);
    expect([second, await one.feedBase(), await other.fixFeedBase('https://third.example/')]).toEqual([
      first,
      first,
      first,
    ]);
  });

  it('gives two stores different ids and keys', async () => {
    const one = await open();
    const other = await open();
    expect(one.instanceId).not.toBe(other.instanceId);
    expect((await one.linkKeys())[0]?.secret).not.toEqual((await other.linkKeys())[0]?.secret);
  });

  it('is made once when two programs open it at the same moment', async () => {
    for (let round = 0; round < (database.rounds ?? 5); round += 1) {
      const location = await makeLocation();
      const stores = await Promise.all([openAt(location), openAt(location), openAt(location)]);
      expect(new Set(stores.map(({ instanceId }) => instanceId)).size).toBe(1);
      expect(await stores[0].linkKeys()).toHaveLength(1);
    }
  });

  it('shows one program what another has written', async () => {
    const [one, other] = await openTwo();
    await one.subscribers.add([newcomer('ann')], at('08:00'));
    expect(await other.subscribers.counts()).toMatchObject({ active: 1 });
  });

  it('may be closed twice', async () => {
    const store = await open();
    await store.close();
    await expect(store.close()).resolves.toBeUndefined();
  });
}
