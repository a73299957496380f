/** kill -9, for real: what was begun is all there or not at all, and what was answered stays. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { DATABASES, openStoresOf } from './databases.ts';
import { runChild } from './run-child.ts';
import { at, claim, counts, newcomer, prepareDigest } from './samples.ts';

/** The moments of death are spread over the work by chance; each round is a different one. */
const ROUNDS = 6;
const PATIENT = { timeout: 60_000, interval: 5 };

describe.each(DATABASES)('killed on $name', (database) => {
  const { makeLocation, openAt } = openStoresOf(database);

  it('leaves each digest frozen with its whole audience, or not at all', async () => {
    const location = await makeLocation();
    const store = await openAt(location);
    await store.series.open('weekly', at('08:00'), []);
    const readers = Array.from({ length: 20_000 }, (_, index) => newcomer(`reader${index}`));
    await store.subscribers.add(readers, at('08:00'));
    let known = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = runChild('freeze', location);
      await child.firstLine;
      // In every other round at least one is whole, however slow the machine: else nothing may ever be.
      if (round % 2 === 1)
        await vi.waitUntil(async () => (await store.digests.all()).length > known, PATIENT);
      await sleep(20 + Math.random() * 100);
      await child.kill();
      const digests = await store.digests.all();
      known = digests.length;
      const carried = await store.series.carried('weekly');
      expect(await store.series.slots({ state: 'taken' })).toHaveLength(digests.length);
      expect(carried.size).toBe(digests.length);
      for (const { number } of digests) {
        expect(await store.ledger.counts(number)).toEqual(counts({ due: 20_000 }));
        expect(await store.digests.contentKeys(number)).toEqual(['all']);
      }
      const beyond = await store.ledger.counts(digests.length + 1);
      expect(beyond).toEqual(counts({}));
    }
    expect(known).toBeGreaterThanOrEqual(ROUNDS / 2);
  });

  it('loses no answered word, repeats none, and doubts at most one per connection', async () => {
    const location = await makeLocation();
    const store = await openAt(location);
    const names = Array.from({ length: 5000 }, (_, index) => `reader${index}`);
    await prepareDigest(store, names);
    const accepted: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = runChild('deliver', location, `worker ${round}`);
      await child.firstLine;
      await sleep(Math.random() * 150);
      const said = await child.kill();
      const answered = said.filter((line) => /^accepted \d+$/.test(line));
      accepted.push(...answered);
      const before = await store.ledger.counts(1);
      const released = await store.ledger.release(`worker ${round}`, at('09:10'));
      expect(released).toEqual({ due: before.claimed, inDoubt: before['handing-over'] });
      expect(released.inDoubt).toBeLessThanOrEqual(3);
      const after = await store.ledger.counts(1);
      expect(after).toEqual(
        counts({
          due: names.length - after.accepted - after['in-doubt'],
          accepted: after.accepted,
          'in-doubt': after['in-doubt'],
        }),
      );
      expect(after.accepted).toBeGreaterThanOrEqual(accepted.length);
      expect(await store.ledger.claimants()).toEqual([]);
    }
    expect(new Set(accepted).size).toBe(accepted.length);
    const rest = await claim(store, { limit: names.length, now: at('10:00'), inDoubt: 'skip' });
    const given = new Set(rest.map(({ subscriber }) => `accepted ${subscriber}`));
    expect(accepted.filter((line) => given.has(line))).toEqual([]);
  });
});
