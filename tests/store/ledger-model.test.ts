/**
 * The ledger beside a model of it in plain values: two workers that sleep past their lease and are taken over, pauses, and every policy of
 * doubt. `ledger-properties.test.ts` says where a delivery may go; here is said where each one must be.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, DeliveryState, InDoubtPolicy, Outcome } from '../../src/domain/delivery.ts';
import { EVERYTHING, type PauseScope } from '../../src/domain/pause.ts';
import type { Store } from '../../src/domain/store.ts';
import { DATABASES, openStoresOf } from './databases.ts';
import { ACCEPTED, at, claim, DEFERRED, IN_DOUBT, prepareDigest } from './samples.ts';

const READERS = ['ann', 'bob', 'cem', 'dee', 'eve'];
const LEASE_MINUTES = 10;
type WorkerName = 'first' | 'second';

type Delivery = {
  state: DeliveryState;
  /** Who holds it, by the fence of their claim. */
  holder: { readonly worker: WorkerName; readonly fence: number } | null;
  /** Minutes after the start, or null when it is not offered again. */
  next: number | null;
  attempts: number;
  isDoubted: boolean;
};

type Model = {
  minute: number;
  readonly deliveries: readonly Delivery[];
  readonly claims: Claim[];
  readonly gone: Set<number>;
  readonly leases: Record<WorkerName, number>;
  /** Until when, by what is paused. */
  readonly pauses: Map<string, number>;
};

type Real = { readonly store: Store };
type Command = fc.AsyncCommand<Model, Real>;

const HELD = new Set<DeliveryState>(['claimed', 'handing-over']);
const start = at('09:00');
const clockOf = ({ minute }: Model): Temporal.Instant => start.add({ minutes: minute });

function find(model: Model, { subscriber }: { readonly subscriber: number }): Delivery {
  const found = model.deliveries[subscriber - 1];
  if (found === undefined) throw new Error(`no delivery ${subscriber}`);
  return found;
}

/** The delivery, while the claim still counts. */
function held(model: Model, { subscriber, fence }: Claim): Delivery | null {
  const delivery = find(model, { subscriber });
  return delivery.holder?.fence === fence ? delivery : null;
}

function isOffered(model: Model, delivery: Delivery, inDoubt: InDoubtPolicy): boolean {
  const isWaiting = delivery.state === 'due' || delivery.state === 'deferred';
  const isOpen = isWaiting || (delivery.state === 'in-doubt' && inDoubt === 'retry');
  return isOpen && delivery.next !== null && delivery.next <= model.minute;
}

function letGo(delivery: Delivery, state: DeliveryState, next: number | null): void {
  Object.assign(delivery, { state, next, holder: null });
}

function backToWaiting(delivery: Delivery): void {
  letGo(delivery, delivery.isDoubted ? 'in-doubt' : 'due', 0);
}

/** What may have arrived before is not called withdrawn. */
function withdraw(delivery: Delivery): void {
  letGo(delivery, delivery.isDoubted ? 'in-doubt' : 'withdrawn', null);
}

/** After each command: where each delivery is, that nobody is missing, and who holds claims until when. */
async function compare(model: Model, { store }: Real): Promise<void> {
  const views = await Array.fromAsync(store.ledger.deliveries(1));
  for (const [index, { state, attempts }] of views.entries()) {
    const delivery = find(model, { subscriber: index + 1 });
    // Somebody who left is withdrawn when their turn comes, or before.
    const mayBeWithdrawn = model.gone.has(index + 1) && /^(?:due|deferred)$/.test(delivery.state);
    if (mayBeWithdrawn && state === 'withdrawn') letGo(delivery, 'withdrawn', null);
    expect({ index, state, attempts }).toEqual({
      index,
      state: delivery.state,
      attempts: delivery.attempts,
    });
  }
  const sum = Object.values(await store.ledger.counts(1)).reduce((total, count) => total + count, 0);
  expect(sum).toBe(READERS.length);
  const holders = new Set(model.deliveries.flatMap(({ holder }) => holder?.worker ?? []));
  const claimants = await store.ledger.claimants();
  expect(claimants.map(({ worker }) => worker.id)).toEqual([...holders].toSorted());
  for (const { worker, leaseUntil } of claimants) {
    const until = start.until(leaseUntil).total('minutes');
    expect(until).toBeGreaterThanOrEqual(model.leases[worker.id as WorkerName]);
    model.leases[worker.id as WorkerName] = until;
  }
}

function command(name: string, act: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      await act(model, real);
      await compare(model, real);
    },
    toString: () => name,
  };
}

const claiming = (worker: WorkerName, limit: number, inDoubt: InDoubtPolicy): Command =>
  command(`${worker} claims ${limit} under ${inDoubt}`, async (model, { store }) => {
    const isPaused = [...model.pauses.values()].some((until) => until > model.minute);
    const offered = model.deliveries.filter(
      (delivery, index) => isOffered(model, delivery, inDoubt) && !model.gone.has(index + 1),
    );
    const leaseUntil = model.minute + LEASE_MINUTES;
    const claims = await claim(store, {
      worker,
      limit,
      inDoubt,
      now: clockOf(model),
      leaseUntil: start.add({ minutes: leaseUntil }),
    });
    expect(claims).toHaveLength(isPaused ? 0 : Math.min(limit, offered.length));
    if (claims.length > 0) model.leases[worker] = Math.max(model.leases[worker], leaseUntil);
    for (const given of claims) {
      const delivery = find(model, given);
      expect(offered).toContain(delivery);
      Object.assign(delivery, { state: 'claimed', next: null, holder: { worker, fence: given.fence } });
      model.claims.push(given);
    }
  });

/** One of the claims ever given, newest first: most of them count no more. */
const withClaim = (
  name: string,
  which: number,
  act: (given: Claim, model: Model, real: Real) => Promise<void>,
): Command =>
  command(`${name} ${which}`, async (model, real) => {
    const given = model.claims.at(-1 - (which % Math.max(1, model.claims.length)));
    if (given !== undefined) await act(given, model, real);
  });

const marking = (which: number): Command =>
  withClaim('mark', which, async (given, model, { store }) => {
    const delivery = held(model, given);
    const isGone = model.gone.has(given.subscriber);
    const allowed = delivery !== null && (delivery.state === 'handing-over' || !isGone);
    expect(await store.ledger.mark(given, clockOf(model))).toBe(allowed);
    if (allowed) delivery.state = 'handing-over';
    else if (delivery) withdraw(delivery);
  });

const settling = (which: number, outcome: Outcome, wait: number | null): Command =>
  withClaim(`settle as ${outcome.kind}`, which, async (given, model, { store }) => {
    const isOver = outcome.kind === 'accepted' || wait === null;
    const next = isOver ? null : start.add({ minutes: model.minute + wait });
    await store.ledger.settle(given, outcome, clockOf(model), next);
    const delivery = held(model, given);
    if (delivery === null) return;
    delivery.attempts += 1;
    if (outcome.kind === 'in-doubt') delivery.isDoubted = true;
    const state = outcome.kind === 'deferred' && isOver ? 'given-up' : outcome.kind;
    letGo(delivery, state, isOver ? null : model.minute + wait);
  });

const givingBack = (which: number): Command =>
  withClaim('unclaim', which, async (given, model, { store }) => {
    await store.ledger.unclaim([given], clockOf(model));
    const delivery = held(model, given);
    if (delivery?.state === 'claimed') backToWaiting(delivery);
  });

/** What the other worker does when it finds the lease over; before that, nothing may be taken. */
const takingOver = (dead: WorkerName): Command =>
  command(`take over from ${dead}`, async (model, { store }) => {
    if (model.leases[dead] > model.minute) return;
    await store.ledger.release(dead, clockOf(model));
    for (const delivery of model.deliveries) {
      if (delivery.holder?.worker !== dead || !HELD.has(delivery.state)) continue;
      if (delivery.state === 'handing-over') {
        Object.assign(delivery, { attempts: delivery.attempts + 1, isDoubted: true });
        letGo(delivery, 'in-doubt', model.minute);
      } else backToWaiting(delivery);
    }
  });

const leaving = (subscriber: number): Command =>
  command(`${subscriber} leaves`, async (model, { store }) => {
    await store.subscribers.unsubscribe(subscriber, 'one-click', clockOf(model));
    model.gone.add(subscriber);
    const delivery = find(model, { subscriber });
    if (delivery.state === 'due' || delivery.state === 'deferred') withdraw(delivery);
  });

/** Of everything, or of the one digest: there is no other. */
const pausing = (scope: PauseScope, minutes: number | null): Command =>
  command(`pause ${scope.kind} for ${minutes}`, async (model, { store }) => {
    if (minutes === null) {
      model.pauses.delete(scope.kind);
      await store.ledger.endPause(scope);
      return;
    }
    const until = model.minute + minutes;
    model.pauses.set(scope.kind, until);
    const words = { reason: '535', hint: 'the password', since: clockOf(model) };
    await store.ledger.setPause({ scope, ...words, until: start.add({ minutes: until }) });
  });

const waiting = (minutes: number): Command =>
  command(`${minutes} minutes pass`, async (model) => {
    model.minute += minutes;
    await Promise.resolve();
  });

const worker = fc.constantFrom<WorkerName[]>('first', 'second');
const which = fc.nat(12);
const COMMANDS: readonly fc.Arbitrary<Command>[] = [
  fc
    .tuple(worker, fc.integer({ min: 1, max: 3 }), fc.constantFrom<InDoubtPolicy[]>('retry', 'skip', 'ask'))
    .map((order) => claiming(...order)),
  which.map(marking),
  fc
    .tuple(which, fc.constantFrom(ACCEPTED, DEFERRED, IN_DOUBT), fc.constantFrom(0, 4, null))
    .map((word) => settling(...word)),
  which.map(givingBack),
  worker.map(takingOver),
  fc.integer({ min: 1, max: READERS.length }).map(leaving),
  fc
    .tuple(
      fc.constantFrom<PauseScope[]>(EVERYTHING, { kind: 'digest', digest: 1 }),
      fc.constantFrom(2, 20, null, null),
    )
    .map((pause) => pausing(...pause)),
  fc.integer({ min: 1, max: 2 * LEASE_MINUTES }).map(waiting),
];

describe.each(DATABASES)('the ledger on $name', (database) => {
  const { open } = openStoresOf(database);

  it('has each delivery where the model has it, whoever sleeps, leaves or pauses', async () => {
    const property = fc.asyncProperty(
      fc.commands([...COMMANDS], { maxCommands: 60, size: 'max' }),
      async (commands) => {
        const store = await open();
        await prepareDigest(store, READERS);
        const setup = () => ({
          real: { store },
          model: {
            minute: 1,
            deliveries: READERS.map(
              (): Delivery => ({ state: 'due', holder: null, next: 0, attempts: 0, isDoubted: false }),
            ),
            claims: [],
            gone: new Set<number>(),
            leases: { first: 0, second: 0 },
            pauses: new Map<string, number>(),
          },
        });
        await fc.asyncModelRun(setup, commands);
        await store.close();
      },
    );
    await expect(fc.assert(property, { numRuns: 60 })).resolves.toBeUndefined();
  });
});
