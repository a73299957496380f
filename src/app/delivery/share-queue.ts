/**
 * The queue where several accounts share it, or limits hold: a line takes its turn when it is free, for a turn kept on a shelf would be late. A line
 * that has nothing to do now waits for its turn if that comes soon; else the run may end, and the next begins when it is due.
 */
import { isUnlimited } from '../../domain/account.ts';
import { domainOf } from '../../domain/address.ts';
import type { Claim } from '../../domain/delivery.ts';
import type { Share, SharedClaim } from '../../domain/share.ts';
import type { ClaimQueue, Turn } from './claim-queue.ts';
import { LEASE } from './keep-leases.ts';
import type { Lane } from './lane.ts';
import type { MadeMessage } from './make-message.ts';
import type { Deliverer } from './deliverer.ts';
import { passSecond, type SleepUntil } from '../sleep-until.ts';

/** A run waits so long for a turn. */
const MOST_WAIT = { minutes: 2 } as const;
/** An account without limits is kept busy with so many for each connection. */
const AHEAD = 2;
/** An account that took nothing for so long, though there is something for it, does not hold up the others. Seconds. */
const STALLED_AFTER = 5;

/** An account's place at the queue. */
type Place = {
  readonly lane: Lane;
  readonly shelf: SharedClaim[];
  /** Messages on their way, by domain. */
  readonly busy: Map<string, number>;
  /** Lines that wait for a turn. */
  idle: number;
  served: number;
  takenAt: Temporal.Instant;
};

/** How one line asks. */
export type LineQueue = Pick<ClaimQueue, 'hasNext' | 'next'> & {
  /** Gives back what `hasNext` found. */
  readonly drop: () => Promise<void>;
};

type Parts = {
  readonly renga: Pick<Deliverer, 'store' | 'worker' | 'settings' | 'clock' | 'mayClaim'>;
  readonly lanes: readonly Lane[];
  readonly makeMessage: (claim: Claim) => Promise<MadeMessage>;
  readonly sleepUntil: SleepUntil;
  readonly signal: AbortSignal;
  readonly isStopped: () => boolean;
};

export class ShareQueue {
  /** When a limit lets the next message go, where lines found nothing because of it; or null. */
  nextAt: Temporal.Instant | null = null;
  readonly #parts: Parts;
  readonly #places: readonly Place[];
  readonly #watchers = new Set<() => void>();
  #refilling: Promise<boolean> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    const takenAt = parts.renga.clock();
    this.#places = parts.lanes.map((lane) => {
      return { lane, shelf: [], busy: new Map<string, number>(), idle: 0, served: 0, takenAt };
    });
  }

  openLine(lane: Lane): LineQueue {
    const place = this.#placeOf(lane);
    let ahead: Turn | null = null;
    return {
      hasNext: async () => (ahead ??= await this.#take(place)) !== null,
      next: async () => {
        const turn = ahead ?? (await this.#take(place));
        ahead = null;
        return turn;
      },
      drop: async () => {
        if (ahead) await this.#unclaim(lane, [ahead.claim]);
        ahead = null;
        // Others may take what was meant for an account that stopped.
        if (lane.isStopped) await this.#giveBackShelf(place);
      },
    };
  }

  /** The turn is over: its connection is free. */
  done(lane: Lane, { address }: Pick<Claim, 'address'>): void {
    const { busy } = this.#placeOf(lane);
    const domain = domainOf(address);
    const left = (busy.get(domain) ?? 0) - 1;
    if (left > 0) busy.set(domain, left);
    else busy.delete(domain);
    this.#changed();
  }

  async giveBack(): Promise<void> {
    await this.#refilling?.catch(() => undefined);
    for (const place of this.#places) await this.#giveBackShelf(place);
  }

  async #take(place: Place): Promise<Turn | null> {
    while (!this.#parts.isStopped() && !place.lane.isStopped) {
      const claim = place.shelf.shift();
      if (claim) return await this.#begin(place, claim);
      place.idle += 1;
      const isFilled = await this.#refillOnce().finally(() => {
        place.idle -= 1;
      });
      if (!isFilled && place.shelf.length === 0 && !(await this.#wait())) return null;
    }
    return null;
  }

  async #begin({ lane, busy }: Place, { claim, notBefore }: SharedClaim): Promise<Turn | null> {
    const { renga, makeMessage, sleepUntil, signal, isStopped } = this.#parts;
    const domain = domainOf(claim.address);
    busy.set(domain, (busy.get(domain) ?? 0) + 1);
    this.#placeOf(lane).takenAt = renga.clock();
    const made = makeMessage(claim);
    made.catch(() => undefined);
    if (Temporal.Instant.compare(notBefore, renga.clock()) > 0) await sleepUntil(notBefore, signal);
    if (!isStopped() && !lane.isStopped) return { claim, made };
    await this.#unclaim(lane, [claim]);
    return null;
  }

  #refillOnce(): Promise<boolean> {
    this.#refilling ??= this.#refill().finally(() => {
      this.#refilling = null;
    });
    return this.#refilling;
  }

  async #refill(): Promise<boolean> {
    const { store, worker, settings, clock, mayClaim } = this.#parts.renga;
    await mayClaim?.();
    const now = clock();
    const active = this.#places.filter((place) => isServed(place) && !isStalled(place, now));
    const { claims, nextAt, served } = await store.ledger.share({
      worker: worker.id,
      shares: active.map(toShare),
      now,
      leaseUntil: now.add(LEASE),
      inDoubt: settings.delivery.inDoubt,
    });
    this.nextAt = nextAt;
    for (const place of this.#places) {
      const { name } = place.lane.account;
      place.served = served[name] ?? place.served;
      place.shelf.push(...claims.filter(({ account }) => account === name));
    }
    if (claims.length > 0) this.#changed();
    return claims.length > 0;
  }

  /** False when nothing will come soon. */
  async #wait(): Promise<boolean> {
    const { renga, sleepUntil, signal } = this.#parts;
    const now = renga.clock();
    const due = await renga.store.ledger.nextDue(renga.settings.delivery.inDoubt);
    const next = earliest(this.nextAt, due && Temporal.Instant.compare(due, now) > 0 ? due : null);
    const isSoon = next !== null && Temporal.Instant.compare(next, now.add(MOST_WAIT)) <= 0;
    const isBusy = this.#places.some(({ busy, shelf }) => busy.size > 0 || shelf.length > 0);
    if (!isSoon && !isBusy) return false;
    const waking = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.#watchers.add(resolve);
    });
    const until = AbortSignal.any([waking.signal, signal]);
    await Promise.race([woken, isSoon ? sleepUntil(next, until) : passSecond(until)]);
    waking.abort();
    return true;
  }

  async #giveBackShelf({ lane, shelf }: Place): Promise<void> {
    const rest = shelf.splice(0).map(({ claim }) => claim);
    if (rest.length > 0) await this.#parts.renga.store.ledger.unclaim(rest, this.#parts.renga.clock());
    if (lane.isStopped) this.#changed();
  }

  async #unclaim(lane: Lane, claims: readonly Claim[]): Promise<void> {
    await this.#parts.renga.store.ledger.unclaim(claims, this.#parts.renga.clock());
    for (const claim of claims) this.done(lane, claim);
  }

  #changed(): void {
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }

  #placeOf(lane: Lane): Place {
    const place = this.#places.find((one) => one.lane === lane);
    if (!place) throw new Error(`No place for account ${lane.account.name}`);
    return place;
  }
}

function toShare({ lane, shelf, busy, idle, served }: Place): Share {
  const { account, allowed } = lane;
  // When lines have ended, one ahead might find nobody: whoever is left asks.
  const wanted = isUnlimited(account) && !lane.isFinished ? AHEAD * allowed : idle;
  return { account, served, room: Math.max(0, wanted - shelf.length), busy: Object.fromEntries(busy) };
}

/** Whether there is, or will be, a line that takes what it is given: else its share would hold up the others'. */
function isServed({ lane, idle }: Place): boolean {
  return !lane.isStopped && (!lane.isFinished || idle > 0);
}

function isStalled({ shelf, takenAt }: Place, now: Temporal.Instant): boolean {
  return shelf.length > 0 && now.since(takenAt).total('seconds') > STALLED_AFTER;
}

function earliest(one: Temporal.Instant | null, other: Temporal.Instant | null): Temporal.Instant | null {
  if (one === null || other === null) return one ?? other;
  return Temporal.Instant.compare(one, other) < 0 ? one : other;
}
