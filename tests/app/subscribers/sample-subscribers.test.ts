/** Samples are there for a trial, and nobody who is there otherwise is taken for one. */
import { expect, it } from 'vitest';
import { addSamples, dismissSamples } from '../../../src/app/subscribers/sample-subscribers.ts';
import { addSubscriber } from '../../../src/app/subscribers/add-subscribers.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { DATABASES, openStoresOf } from '../../store/databases.ts';
import { at } from '../../store/samples.ts';

const [sqlite] = DATABASES;
if (!sqlite) throw new Error('there is no database');
const { open } = openStoresOf(sqlite);

async function openList(): Promise<Pick<Renga, 'store' | 'clock'>> {
  return { store: await open(), clock: () => at('09:00') };
}

it('adds three to an empty list, and none to any other', async () => {
  const list = await openList();
  expect(await addSamples(list)).toBe(3);
  expect(await addSamples(list)).toBe(0);
  expect(await list.store.subscribers.counts()).toMatchObject({ active: 3 });
});

it('dismisses them, once, and nobody else', async () => {
  const list = await openList();
  await addSamples(list);
  await addSubscriber(list, 'ann@example.org', true);
  await dismissSamples(list);
  await dismissSamples(list);
  expect(await list.store.subscribers.counts()).toMatchObject({ active: 1, unsubscribed: 3 });
});

it('leaves a person alone who has the address of a sample', async () => {
  const list = await openList();
  await addSubscriber(list, 'issa@example.com', true);
  await dismissSamples(list);
  expect(await list.store.subscribers.counts()).toMatchObject({ active: 1 });
});
