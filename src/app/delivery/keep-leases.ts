/** A worker's leases, renewed while it runs. */
import type { Renga } from '../renga.ts';

/** Longer than the ten minutes a server may take to answer the final dot (RFC 5321 §4.5.3.2.6). */
export const LEASE = { minutes: 15 } as const;
const RENEW_EVERY_MILLISECONDS = 60_000;

/** Call what it returns to stop. */
export function keepLeases({ store, worker, clock }: Pick<Renga, 'store' | 'worker' | 'clock'>): () => void {
  const renew = (): void => {
    // A renewal that fails is no harm: the fence guards every mark and settlement.
    store.ledger.renew(worker.id, clock().add(LEASE)).catch(() => undefined);
  };
  const timer = setInterval(renew, RENEW_EVERY_MILLISECONDS);
  return () => clearInterval(timer);
}
