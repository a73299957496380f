/** The queue of several accounts: what it claims always has a line that takes it. */
import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/domain/delivery.ts';
import { finishLane, openLane } from '../../../src/app/delivery/lane.ts';
import { ShareQueue } from '../../../src/app/delivery/share-queue.ts';
import { counts } from '../../store/samples.ts';
import {
  ACCOUNT,
  composeDeliverer,
  openPreparedStore,
  openServer,
  START,
  transportTo,
} from './delivering.ts';

describe('an account whose lines have ended', () => {
  it('is given nothing more, and the others carry all of it', async () => {
    const store = await openPreparedStore(['ann', 'bo', 'cy', 'di', 'ed']);
    const transport = transportTo(openServer());
    const [ended, going] = ['ended', 'going'].map((name) =>
      openLane({ ...ACCOUNT, name }, transport, START),
    ) as [ReturnType<typeof openLane>, ReturnType<typeof openLane>];
    const renga = composeDeliverer(store, openServer());
    await store.ledger.enlist(renga.worker, START);
    const queue = new ShareQueue({
      renga,
      lanes: [ended, going],
      makeMessage: async () => await Promise.resolve({ kind: 'differs' }),
      sleepUntil: async () => await Promise.resolve(),
      signal: new AbortController().signal,
      isStopped: () => false,
    });
    finishLane(ended);
    const line = queue.openLine(going);
    const taken: Claim[] = [];
    for (let turn = await line.next(); turn !== null; turn = await line.next()) {
      taken.push(turn.claim);
      queue.done(going, turn.claim);
    }
    expect(taken).toHaveLength(5);
    expect(await store.ledger.counts(1)).toEqual(counts({ claimed: 5 }));
  });
});
