/**
 * Claims, marks and settles without a server, until it is killed. Arguments: the store, the worker. Says `accepted N` for each subscriber
 * whose settlement was answered, and `marked N` for each mark that was.
 */
import { openStore } from '../../src/store/open-store.ts';
import { ACCEPTED, at, claim, worker } from './samples.ts';

const [, , location = '', id = ''] = process.argv;
const store = await openStore({ location, now: at('08:00') });
await store.ledger.enlist(worker(id), at('09:00'));

async function deliver(): Promise<void> {
  for (const held of await claim(store, { worker: id, limit: 4 })) {
    if (!(await store.ledger.mark(held, at('09:02')))) continue;
    process.stdout.write(`marked ${held.subscriber}\n`);
    await store.ledger.settle(held, ACCEPTED, at('09:03'), null);
    process.stdout.write(`accepted ${held.subscriber}\n`);
  }
}

for (;;) await Promise.all([deliver(), deliver(), deliver()]);
