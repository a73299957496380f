/**
 * Hands claims to the connections of one run, each with its message, which is made ahead of its turn: enough that they never wait for the store
 * or for a signature, few enough that a crash leaves little to take back. Every claim it took is either handed out or given back.
 */
import type { Claim } from '../../domain/delivery.ts';
import { LEASE } from './keep-leases.ts';
import type { Lane } from './lane.ts';
import type { MadeMessage } from './make-message.ts';
import type { Deliverer } from './deliverer.ts';

const CLAIMS_PER_CONNECTION = 8;
const MOST_CLAIMS = 400;
/** Messages made ahead of their turn for each connection. Each may be a megabyte. */
const MADE_PER_CONNECTION = 2;
/** Messages that are ordered in one go: waking a thread for each costs more than the order. */
const MADE_TOGETHER = 4;

export type Turn = { readonly claim: Claim; readonly made: Promise<MadeMessage> };

export type ClaimQueue = {
  /** Whether there is something to hand over now; claims it if so. */
  hasNext(): Promise<boolean>;
  next(): Promise<Turn | null>;
  giveBack(): Promise<void>;
};

export function openClaimQueue(
  renga: Pick<Deliverer, 'store' | 'worker' | 'settings' | 'clock' | 'mayClaim'>,
  { account, transport: { connections } }: Pick<Lane, 'account' | 'transport'>,
  makeMessage: (claim: Claim) => Promise<MadeMessage>,
): ClaimQueue {
  const { ledger } = renga.store;
  const limit = Math.min(MOST_CLAIMS, connections * CLAIMS_PER_CONNECTION);
  const shelf = openShelf(connections * MADE_PER_CONNECTION, makeMessage);
  let refilling: Promise<void> | null = null;

  const claimMore = async (): Promise<void> => {
    await renga.mayClaim?.();
    const now = renga.clock();
    const leaseUntil = now.add(LEASE);
    const { inDoubt } = renga.settings.delivery;
    shelf.put(
      await ledger.claim({ worker: renga.worker.id, limit, now, leaseUntil, inDoubt, account: account.name }),
    );
  };
  const refill = (): Promise<void> => {
    refilling ??= claimMore().finally(() => {
      refilling = null;
    });
    return refilling;
  };
  const hasNext = async (): Promise<boolean> => {
    if (shelf.size() === 0) await refill();
    return shelf.size() > 0;
  };

  return {
    hasNext,
    next: async () => {
      // Several connections may wait for one refill, and the first of them take all of it.
      while (await hasNext()) {
        const turn = shelf.take();
        // Before the last is gone, so that nobody waits. A failure is met again by whoever finds the shelf empty.
        if (shelf.size() === connections) refill().catch(() => undefined);
        if (turn) return turn;
      }
      return null;
    },
    giveBack: async () => {
      await refilling?.catch(() => undefined);
      const rest = shelf.clear();
      if (rest.length > 0) await ledger.unclaim(rest, renga.clock());
    },
  };
}

type Place = { readonly claim: Claim; made: Promise<MadeMessage> | null };

/** Claims in their order; the first `ahead` of them have their messages made. */
function openShelf(ahead: number, makeMessage: (claim: Claim) => Promise<MadeMessage>) {
  const places: Place[] = [];
  const make = (place: Place): Promise<MadeMessage> => {
    if (place.made) return place.made;
    place.made = makeMessage(place.claim);
    // Whoever takes the turn hears of it.
    place.made.catch(() => undefined);
    return place.made;
  };
  const makeAhead = (): void => {
    const unmade = places.slice(0, ahead).filter(({ made }) => made === null);
    if (unmade.length >= MADE_TOGETHER || places[0]?.made === null)
      for (const place of unmade) void make(place);
  };
  return {
    size: () => places.length,
    put: (claims: readonly Claim[]): void => {
      places.push(...claims.map((claim) => ({ claim, made: null })));
      makeAhead();
    },
    take: (): Turn | null => {
      const place = places.shift();
      if (!place) return null;
      makeAhead();
      return { claim: place.claim, made: make(place) };
    },
    clear: (): readonly Claim[] => places.splice(0).map(({ claim }) => claim),
  };
}
