/** Takes back what dead programs held, before a run of this one begins: at once where we can see that they are dead, and when their lease ran out where we cannot. */
import type { Renga } from '../renga.ts';

export async function releaseTheDead(
  renga: Pick<Renga, 'store' | 'worker' | 'isAlive' | 'clock' | 'report'>,
): Promise<void> {
  for (const { worker, leaseUntil } of await renga.store.ledger.claimants()) {
    const isOver = Temporal.Instant.compare(leaseUntil, renga.clock()) <= 0;
    // Only a worker of this machine can be seen to be dead; of others, and of those asleep, only the lease tells.
    const isDead = worker.host === renga.worker.host && !renga.isAlive(worker);
    // Our own are left of a run of this program that could not give them back: no run has begun yet.
    const isOurs = worker.id === renga.worker.id;
    if (!isOurs && !isDead && !isOver) continue;
    const released = await renga.store.ledger.release(worker.id, renga.clock());
    if (released.due + released.inDoubt > 0) renga.report({ kind: 'released', ...released });
  }
}
