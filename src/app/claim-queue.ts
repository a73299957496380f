/**
 * Hands claims to the connections of one run, a few at a time: enough that they never wait for the store, few enough that a crash leaves
 * little to take back. Every claim it took is either handed out or given back.
 */
import type { Claim } from '../domain/delivery.ts';
import type { Renga } from './renga.ts';

/** Longer than the ten minutes a server may take to answer the final dot (RFC 5321 §4.5.3.2.6). */
const LEASE = { minutes: 15 } as const;
const RENEW_EVERY_MILLISECONDS = 60_000;
const CLAIMS_PER_CONNECTION = 8;

export type ClaimQueue = {
  /** Whether there is something to hand over now; claims it if so. */
  hasNext(): Promise<boolean>;
  next(): Promise<Claim | null>;
  /** Claims taken and not yet handed out. */
  size(): number;
  /** Renews this worker's leases while it runs; call what it returns to stop. */
  keepLeases(): () => void;
  giveBack(): Promise<void>;
};

export function openClaimQueue(
  renga: Pick<Renga, 'store' | 'worker' | 'settings' | 'clock'>,
  connections: number,
): ClaimQueue {
  const { ledger } = renga.store;
  let claims: readonly Claim[] = [];
  let refilling: Promise<void> | null = null;

  const refill = async (): Promise<void> => {
    const now = renga.clock();
    claims = await ledger.claim({
      worker: renga.worker.id,
      limit: connections * CLAIMS_PER_CONNECTION,
      now,
      leaseUntil: now.add(LEASE),
      inDoubt: renga.settings.delivery.inDoubt,
    });
  };
  const hasNext = async (): Promise<boolean> => {
    if (claims.length === 0) {
      refilling ??= refill().finally(() => {
        refilling = null;
      });
      await refilling;
    }
    return claims.length > 0;
  };

  return {
    hasNext,
    next: async () => {
      if (!(await hasNext())) return null;
      const [claim = null, ...rest] = claims;
      claims = rest;
      return claim;
    },
    size: () => claims.length,
    keepLeases: () => {
      const renew = (): void => {
        // A renewal that fails is no harm: the fence guards every mark and settlement.
        ledger.renew(renga.worker.id, renga.clock().add(LEASE)).catch(() => undefined);
      };
      const timer = setInterval(renew, RENEW_EVERY_MILLISECONDS);
      return () => clearInterval(timer);
    },
    giveBack: async () => {
      const rest = claims;
      claims = [];
      if (rest.length > 0) await ledger.unclaim(rest, renga.clock());
    },
  };
}
