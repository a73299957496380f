/**
 * The ledger under any order of events: two workers that claim, mark, settle, sleep and die while subscribers leave.
 * After each event every delivery must have moved along the arrows of `delivery.ts`, or not at all.
 */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, DeliveryState, InDoubtPolicy, Outcome } from '../../src/domain/delivery.ts';
import type { Store } from '../../src/domain/store.ts';
import { DATABASES, openStoresOf } from './databases.ts';
import { ACCEPTED, at, claim, DEFERRED, IN_DOUBT, NO_MAILBOX, newcomer, prepareDigest } from './samples.ts';

const READERS = ['ann', 'bob', 'cem', 'dee'];
const MAILBOX_FULL: Outcome = {
  kind: 'rejected',
  reply: '552 5.2.2 full',
  scope: 'subscriber',
  enhancedCode: '5.2.2',
};

type Step =
  | {
      readonly kind: 'claim';
      readonly worker: string;
      readonly limit: number;
      readonly inDoubt: InDoubtPolicy;
    }
  | { readonly kind: 'mark' | 'unclaim'; readonly which: number }
  | {
      readonly kind: 'settle';
      readonly which: number;
      readonly outcome: Outcome;
      readonly wait: number | null;
    }
  | { readonly kind: 'release'; readonly worker: string }
  | { readonly kind: 'leave' | 'suppress'; readonly id: number }
  | { readonly kind: 'wait'; readonly minutes: number };

const worker = fc.constantFrom('first', 'second');
const which = fc.nat(20);
const id = fc.integer({ min: 1, max: READERS.length });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('claim' as const),
    worker,
    limit: fc.integer({ min: 1, max: 3 }),
    inDoubt: fc.constantFrom<InDoubtPolicy>('retry', 'skip'),
  }),
  fc.record({ kind: fc.constantFrom('mark' as const, 'unclaim' as const), which }),
  fc.record({
    kind: fc.constant('settle' as const),
    which,
    outcome: fc.constantFrom(ACCEPTED, DEFERRED, IN_DOUBT, NO_MAILBOX, MAILBOX_FULL),
    wait: fc.constantFrom(0, 3, null),
  }),
  fc.record({ kind: fc.constant('release' as const), worker }),
  fc.record({ kind: fc.constantFrom('leave' as const, 'suppress' as const), id }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 5 }) }),
);

/** Where a step may take a delivery; staying is always allowed. */
const ARROWS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  due: ['claimed', 'withdrawn'],
  claimed: ['due', 'handing-over', 'accepted', 'deferred', 'rejected', 'given-up', 'withdrawn', 'in-doubt'],
  'handing-over': ['accepted', 'deferred', 'rejected', 'given-up', 'in-doubt'],
  deferred: ['claimed', 'withdrawn'],
  'in-doubt': ['claimed'],
  accepted: [],
  rejected: [],
  'given-up': [],
  withdrawn: [],
};

type Held = { readonly claim: Claim; readonly worker: string };

/** The world outside the store: what was promised to whom. */
class World {
  readonly store: Store;
  now = at('09:01');
  /** Every claim ever given, newest last. */
  readonly given: Held[] = [];
  /** Who may still speak for a delivery. */
  readonly holders = new Map<number, Held>();
  readonly marked = new Set<Held>();
  readonly doubted = new Set<number>();
  readonly gone = new Set<number>();

  constructor(store: Store) {
    this.store = store;
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'claim':
        return this.claim(step);
      case 'mark':
        return this.mark(this.pick(step.which));
      case 'settle':
        return this.settle(this.pick(step.which), step.outcome, step.wait);
      case 'unclaim':
        return this.unclaim(this.pick(step.which));
      case 'release':
        return this.release(step.worker);
      case 'leave':
        this.gone.add(step.id);
        await this.store.subscribers.unsubscribe(step.id, 'one-click', this.now);
        return undefined;
      case 'suppress':
        this.gone.add(step.id);
        await this.store.subscribers.suppress(newcomer(READERS[step.id - 1]!).address, 'complaint', this.now);
        return undefined;
      case 'wait':
        this.now = this.now.add({ minutes: step.minutes });
        return undefined;
    }
  }

  pick(which: number): Held | undefined {
    return this.given.at(-1 - (which % Math.max(1, this.given.length)));
  }

  async claim(order: Extract<Step, { kind: 'claim' }>): Promise<void> {
    for (const given of await claim(this.store, { ...order, now: this.now })) {
      // Never two holders, and never somebody who left.
      assert(!this.holders.has(given.subscriber));
      assert(!this.gone.has(given.subscriber));
      if (order.inDoubt === 'skip' && this.doubted.has(given.subscriber)) {
        assert(given.earlierAttempts > 1);
      }
      const first = this.firstClaimOf(given.subscriber) ?? given.firstClaimedAt;
      assert(given.firstClaimedAt.equals(first));
      const held = { claim: given, worker: order.worker };
      this.given.push(held);
      this.holders.set(given.subscriber, held);
    }
  }

  firstClaimOf(subscriber: number): Temporal.Instant | undefined {
    return this.given.find((held) => held.claim.subscriber === subscriber)?.claim.firstClaimedAt;
  }

  holds(held: Held): boolean {
    return this.holders.get(held.claim.subscriber) === held;
  }

  async mark(held: Held | undefined): Promise<void> {
    if (held === undefined) return;
    const allowed = this.holds(held) && (this.marked.has(held) || !this.gone.has(held.claim.subscriber));
    assert.equal(await this.store.ledger.mark(held.claim, this.now), allowed);
    if (allowed) this.marked.add(held);
    else if (this.holds(held)) this.holders.delete(held.claim.subscriber);
  }

  async settle(held: Held | undefined, outcome: Outcome, wait: number | null): Promise<void> {
    if (held === undefined) return;
    const next = wait === null ? null : this.now.add({ minutes: wait });
    await this.store.ledger.settle(held.claim, outcome, this.now, next);
    if (!this.holds(held)) return;
    this.holders.delete(held.claim.subscriber);
    if (outcome.kind === 'in-doubt') this.doubted.add(held.claim.subscriber);
    if (outcome === NO_MAILBOX) this.gone.add(held.claim.subscriber);
  }

  async unclaim(held: Held | undefined): Promise<void> {
    if (held === undefined) return;
    await this.store.ledger.unclaim([held.claim], this.now);
    if (this.holds(held) && !this.marked.has(held)) this.holders.delete(held.claim.subscriber);
  }

  async release(dead: string): Promise<void> {
    const lost = [...this.holders.values()].filter((held) => held.worker === dead);
    const doubtful = lost.filter((held) => this.marked.has(held) || this.doubted.has(held.claim.subscriber));
    assert.deepEqual(await this.store.ledger.release(dead, this.now), {
      due: lost.length - doubtful.length,
      inDoubt: doubtful.length,
    });
    for (const held of lost) this.holders.delete(held.claim.subscriber);
    for (const held of doubtful) this.doubted.add(held.claim.subscriber);
  }
}

async function look(store: Store): Promise<ReadonlyMap<string, { state: DeliveryState; attempts: number }>> {
  const views = await Array.fromAsync(store.ledger.deliveries(1));
  return new Map(views.map(({ address, state, attempts }) => [address, { state, attempts }]));
}

describe.each(DATABASES)('the ledger on $name', (database) => {
  const { open } = openStoresOf(database);

  it('moves every delivery along its arrows, with one holder at a time, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const store = await open();
        await prepareDigest(store, READERS);
        const world = new World(store);
        let before = await look(store);
        for (const one of steps) {
          await world.take(one);
          const after = await look(store);
          expect(after.size).toBe(READERS.length);
          for (const [address, { state, attempts }] of after) {
            const was = before.get(address)!;
            expect([was.state, ...ARROWS[was.state]]).toContain(state);
            expect(attempts - was.attempts).toBeOneOf([0, 1]);
          }
          const totals = Object.values(await store.ledger.counts(1));
          expect(totals.reduce((sum, count) => sum + count, 0)).toBe(READERS.length);
          before = after;
        }
        const held = [...before.values()].filter(({ state }) => /^(claimed|handing-over)$/.test(state));
        expect(held).toHaveLength(world.holders.size);
        await store.close();
      }),
      { numRuns: 60 },
    );
  });
});
