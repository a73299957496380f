/** Freezes one digest after the other, until it is killed. Arguments: the store. Says `freezing` before the first. */
import { openStore } from '../../src/store/open-store.ts';
import { at, freezeRequest } from './samples.ts';

const store = await openStore({ location: process.argv[2] ?? '', now: at('08:00') });
process.stdout.write('freezing\n');
for (;;) {
  const number = await store.digests.nextNumber();
  await store.digests.freeze(number, freezeRequest(String(number)));
}
