/** Stops one digest for a while, or for good. */
import type { DeliveryCounts } from '../../domain/delivery.ts';
import type { Renga } from '../renga.ts';

type Stopper = Pick<Renga, 'store' | 'clock'>;

/** Nothing more of it is claimed; what a connection holds already goes out. Again: changes nothing. */
export async function pauseDigest({ store, clock }: Stopper, digest: number): Promise<void> {
  await store.ledger.setPause({
    scope: { kind: 'digest', digest },
    reason: `digest ${digest} was paused by hand`,
    hint: `renga digests resume ${digest}`,
    since: clock(),
    until: null,
  });
}

/** Whether it was paused. */
export async function resumeDigest({ store }: Stopper, digest: number): Promise<boolean> {
  return await store.ledger.endPause({ kind: 'digest', digest });
}

/** For good. What it says is how everybody stands after it. */
export async function cancelDigest(
  { store, clock }: Stopper,
  digest: number,
): Promise<{ readonly withdrawn: number; readonly counts: DeliveryCounts }> {
  const withdrawn = await store.repairs.cancel(digest, clock());
  await store.ledger.endPause({ kind: 'digest', digest });
  return { withdrawn, counts: await store.ledger.counts(digest) };
}
