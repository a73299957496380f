/** A digest in a real store, a mail server as a value, and a program that can die at any of its calls. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Deliverer } from '../../../src/app/delivery/deliver.ts';
import type { Account } from '../../../src/domain/account.ts';
import type { Outcome } from '../../../src/domain/delivery.ts';
import type { Message } from '../../../src/domain/message.ts';
import type { Store } from '../../../src/domain/store.ts';
import type { ConnectResult, Transport } from '../../../src/domain/transport.ts';
import type { Worker } from '../../../src/domain/worker.ts';
import { openSealer } from '../../../src/mail/open-sealer.ts';
import { compileMessage } from '../../../src/mail/compile-message.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { DIGEST, HEAD } from '../../mail/sample-message.ts';
import { journalOf } from './memory-journal.ts';
import { content, freezeRequest, newcomer } from '../../store/samples.ts';

/** One account without limits. */
export const ACCOUNT: Account = {
  name: 'main',
  weight: 1,
  connections: 2,
  interval: 0,
  domains: {},
  warmUp: [],
};

export const START = Temporal.Instant.from('2026-11-16T09:01:00Z');

export async function openPreparedStore(names: readonly string[]): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-deliver-'));
  const store = await openStore({ location: join(folder, 'renga.db'), now: START });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  await store.series.open('weekly', START, []);
  await store.subscribers.add(
    names.map((name) => newcomer(name)),
    START,
  );
  const mime = await compileMessage(HEAD, DIGEST);
  await store.digests.freeze(1, freezeRequest('one', { contents: [{ ...content(), mime }] }));
  return store;
}

/** What the server took, in order: the server's side of the count. */
export type Server = {
  readonly taken: Message[];
  /** What it says to a message; by default it takes it. `silent` takes it and says nothing. */
  answer: (message: Message, attempt: number) => Outcome | 'silent';
  /** What it says to a connection; null lets it in. */
  refuse: Exclude<ConnectResult, { kind: 'connected' }> | null;
};

export function openServer(): Server {
  return { taken: [], answer: () => ({ kind: 'accepted', reply: '250 taken' }), refuse: null };
}

/** A transport to that server that keeps the port's obligations: nothing is taken before the mark says so. */
export function transportTo(server: Server, connections = 2): Transport {
  const handOver = async (message: Message, mark: () => Promise<boolean>): Promise<Outcome> => {
    if (!(await mark())) return { kind: 'deferred', reply: 'abandoned before the dot' };
    const answer = server.answer(message, server.taken.length);
    if (answer === 'silent' || answer.kind === 'accepted') server.taken.push(message);
    return answer === 'silent' ? { kind: 'in-doubt', reply: 'the connection closed after the dot' } : answer;
  };
  const connection = { handOver, usable: true, close: async () => await Promise.resolve() };
  return {
    connections,
    connect: async () => await Promise.resolve(server.refuse ?? ({ kind: 'connected', connection } as const)),
    close: async () => await Promise.resolve(),
  };
}

export function describeWorker(id: string): Worker {
  return { id, host: 'desk', boot: 'boot', pid: 1, startedAt: '1' };
}

export function composeDeliverer(
  store: Store,
  server: Server,
  changes: Partial<Deliverer> & {
    readonly inDoubt?: 'retry' | 'skip' | 'ask';
    readonly connections?: number;
  } = {},
): Deliverer {
  const { inDoubt = 'retry', connections, ...rest } = changes;
  return {
    store,
    settings: {
      feeds: { entries: 20, content: 'full' },
      pages: { enabled: true, permalink: null },
      delivery: {
        retryFor: Temporal.Duration.from({ hours: 48 }),
        inDoubt,
        grace: Temporal.Duration.from({ hours: 24 }),
      },
    },
    journal: journalOf(store),
    worker: describeWorker('first'),
    isAlive: () => false,
    clock: () => START,
    report: () => undefined,
    accounts: [{ ...ACCOUNT, connections: connections ?? 2 }],
    openSealer: async () => await Promise.resolve(openSealer({ keys: [], threads: 1 })),
    openTransport: async () => await Promise.resolve(transportTo(server, connections)),
    ...rest,
  };
}

export class Death extends Error {}

type MortalPart = 'ledger' | 'series' | 'digests' | 'posts';

/** The store of a program that dies before or after its n-th call of those parts: from then on nothing it does reaches them. */
export function mortal(
  store: Store,
  death: { readonly call: number; readonly when: 'before' | 'after' },
  parts: readonly MortalPart[] = ['ledger'],
): Store {
  let calls = 0;
  let isDead = false;
  const call = async (act: () => unknown): Promise<unknown> => {
    calls += 1;
    const isIt = calls === death.call;
    if (isDead || (isIt && death.when === 'before')) {
      isDead = true;
      throw new Death('the program is gone');
    }
    const result = await act();
    if (!isIt && !isDead) return result;
    isDead = true;
    throw new Death('the program is gone');
  };
  const mortals = parts.map((part) => {
    const proxy = new Proxy<object>(store[part], {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...values: unknown[]) => unknown;
        return async (...values: unknown[]) => await call(() => Reflect.apply(method, target, values));
      },
    });
    return [part, proxy] as const;
  });
  return { ...store, ...Object.fromEntries(mortals), instanceId: store.instanceId };
}
