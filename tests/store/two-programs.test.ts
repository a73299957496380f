/** Several real programs on one store: they share the work, and nobody gets a second copy. */
import { describe, expect, it } from 'vitest';
import { DATABASES, openStoresOf } from './databases.ts';
import { runChild } from './run-child.ts';
import { counts, prepareDigest } from './samples.ts';
import { shareList } from './share-list.ts';

const READERS = 600;

describe.each(DATABASES)('several programs on $name', (database) => {
  const { makeLocation, openAt } = openStoresOf(database);

  it('make one store when all of them open it new', async () => {
    const location = await makeLocation();
    const children = [1, 2, 3].map(() => runChild('open-store', location));
    const answers = await Promise.all(children.map((child) => child.end()));
    expect(answers).toEqual([['"opened"'], ['"opened"'], ['"opened"']]);
    const store = await openAt(location);
    expect(await store.linkKeys()).toHaveLength(1);
  });

  it('hand each delivery over once', async () => {
    const location = await makeLocation();
    const store = await openAt(location);
    await prepareDigest(
      store,
      Array.from({ length: READERS }, (_, index) => `reader${index}`),
    );
    const children = ['third', 'fourth'].map((worker) => runChild('deliver', location, worker));
    await Promise.all(children.map((child) => child.firstLine));
    while ((await store.ledger.counts(1)).accepted < READERS) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    const said = (await Promise.all(children.map((child) => child.kill()))).flat();
    const marked = said.filter((line) => line.startsWith('marked '));
    expect(new Set(marked).size).toBe(READERS);
    expect(marked).toHaveLength(READERS);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: READERS }));
  });
});

it('two real programs on one file deliver to each subscriber once, and neither fails', async () => {
  const { audience, ended, taken } = await shareList(2, 200, null);
  for (const { code, error } of ended)
    expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' });
  expect(taken.map(({ to }) => to).toSorted()).toEqual([...audience].toSorted());
});
