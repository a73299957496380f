/** Delivering keeps the promise: counted on the server's side, at every outcome and with death at every call. */
import { describe, expect, it } from 'vitest';
import { deliver } from '../../../src/app/delivery/deliver.ts';
import type { Event } from '../../../src/app/event.ts';
import type { Message } from '../../../src/domain/message.ts';
import { EVERYTHING } from '../../../src/domain/pause.ts';
import type { Store } from '../../../src/domain/store.ts';
import { counts } from '../../store/samples.ts';
import {
  composeDeliverer,
  Death,
  describeWorker,
  mortal,
  openPreparedStore,
  openServer,
  START,
  transportTo,
} from './delivering.ts';

const NAMES = ['ann', 'bo', 'cy', 'di', 'ed'];
const ALIVE = new AbortController().signal;

async function open(names: readonly string[] = NAMES): Promise<Store> {
  return await openPreparedStore(names);
}

const later = (hours: number) => () => START.add({ hours });
const recipients = (messages: readonly Message[]): readonly string[] =>
  messages.map(({ envelope }) => envelope.to).toSorted();
const textOf = ({ parts }: Message): string => Buffer.concat(parts).toString();
const ALL = NAMES.map((name) => `${name}@example.org`);

describe('deliver', () => {
  it('hands one message to each, and nothing the second time', async () => {
    const store = await open();
    const server = openServer();
    const report = await deliver(composeDeliverer(store, server), ALIVE);
    expect(report.settled).toEqual({ accepted: 5, deferred: 0, rejected: 0, 'in-doubt': 0 });
    expect(report.nextDue).toBeNull();
    await deliver(composeDeliverer(store, server), ALIVE);
    expect(recipients(server.taken)).toEqual(ALL);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 5 }));
    // The moment of the first claim, which every retry repeats.
    const date = /^Date: Mon, 16 Nov 2026 09:01:00 \+0000\r$/m;
    for (const message of server.taken) expect(textOf(message)).toMatch(date);
  });

  it('keeps what was put off, and sends the same bytes later', async () => {
    const store = await open(['ann']);
    const server = openServer();
    const seen: Message[] = [];
    server.answer = (message) => {
      seen.push(message);
      return seen.length === 1
        ? { kind: 'deferred', reply: '451 later' }
        : { kind: 'accepted', reply: '250 taken' };
    };
    const first = await deliver(composeDeliverer(store, server), ALIVE);
    expect(first.settled.deferred).toBe(1);
    await deliver(composeDeliverer(store, server), ALIVE);
    expect(seen).toHaveLength(1);
    await deliver(
      composeDeliverer(store, server, { clock: later(1), worker: describeWorker('second') }),
      ALIVE,
    );
    expect(seen).toHaveLength(2);
    expect(new Set(seen.map(textOf)).size).toBe(1);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1 }));
  });

  it('gives up with the words of the server when the retry time is out', async () => {
    const store = await open(['ann']);
    const server = openServer();
    server.answer = () => ({ kind: 'deferred', reply: '451 never' });
    for (let hours = 0; hours < 60; hours += 1)
      await deliver(composeDeliverer(store, server, { clock: later(hours) }), ALIVE);
    expect(await store.ledger.counts(1)).toEqual(counts({ 'given-up': 1 }));
  });

  it('does not strike anybody for a refusal that is about us, but stops', async () => {
    const store = await open();
    const server = openServer();
    server.answer = () => ({ kind: 'rejected', reply: '550 5.7.1 no', scope: 'us', enhancedCode: '5.7.1' });
    const report = await deliver(composeDeliverer(store, server, { connections: 1 }), ALIVE);
    expect(report.pausedBecause).toContain('5.7.1');
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 4, deferred: 1 }));
    server.answer = () => ({ kind: 'accepted', reply: '250 taken' });
    await deliver(composeDeliverer(store, server, { clock: later(1) }), ALIVE);
    expect(recipients(server.taken)).toEqual(ALL);
  });

  it('stops at ten refusals in a row whatever they say, but not at ten among those it takes', async () => {
    const names = Array.from({ length: 24 }, (_, index) => `reader${index}`);
    const refusal = { kind: 'rejected', reply: '550 no', scope: 'subscriber', enhancedCode: null } as const;
    const mixed = await open(names);
    const server = openServer();
    let asked = 0;
    server.answer = () => {
      asked += 1;
      return asked % 2 === 0 ? refusal : { kind: 'accepted', reply: '250 taken' };
    };
    const report = await deliver(composeDeliverer(mixed, server, { connections: 1 }), ALIVE);
    expect(report.pausedBecause).toBeNull();
    expect(await mixed.ledger.counts(1)).toEqual(counts({ accepted: 12, rejected: 12 }));
    const refused = await open(names);
    server.answer = () => refusal;
    const stopped = await deliver(composeDeliverer(refused, server, { connections: 1 }), ALIVE);
    expect(stopped.pausedBecause).toContain('550 no');
    expect(await refused.ledger.counts(1)).toEqual(counts({ rejected: 10, due: 14 }));
  });

  it('goes on whatever the number of addresses that are wrong', async () => {
    const store = await open(Array.from({ length: 24 }, (_, index) => `reader${index}`));
    const server = openServer();
    const unknown = { kind: 'rejected', scope: 'subscriber', enhancedCode: '5.1.1' } as const;
    server.answer = () => ({ ...unknown, reply: '550 5.1.1 nobody of that name' });
    const report = await deliver(composeDeliverer(store, server, { connections: 1 }), ALIVE);
    expect(report.pausedBecause).toBeNull();
    expect(await store.ledger.counts(1)).toEqual(counts({ rejected: 24 }));
  });

  it('hands over nothing while it is paused, and goes on when the pause is over', async () => {
    const store = await open();
    const server = openServer();
    const until = START.add({ minutes: 15 });
    await store.ledger.setPause({ scope: EVERYTHING, reason: 'refused', hint: 'look', since: START, until });
    const paused = await deliver(composeDeliverer(store, server), ALIVE);
    expect([paused.pausedBecause, server.taken.length]).toEqual(['refused', 0]);
    const report = await deliver(composeDeliverer(store, server, { clock: () => until }), ALIVE);
    expect([report.pausedBecause, server.taken.length]).toEqual([null, 5]);
  });

  it('gives everything back when a message cannot be made', async () => {
    const store = await open();
    const server = openServer();
    const digests = { ...store.digests, content: async () => await Promise.resolve(null) };
    const broken = { ...store, instanceId: store.instanceId, digests };
    await expect(deliver(composeDeliverer(broken, server), ALIVE)).rejects.toThrow('no content all');
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 5 }));
  });

  it('hands over nothing and ends with the error when a mark cannot be kept', async () => {
    const store = await open();
    const server = openServer();
    const mark = async (): Promise<boolean> => await Promise.reject(new Error('the disk is full'));
    const full = { ...store, instanceId: store.instanceId, ledger: { ...store.ledger, mark } };
    await expect(deliver(composeDeliverer(full, server), ALIVE)).rejects.toThrow('the disk is full');
    expect(server.taken).toEqual([]);
    const { accepted, rejected, claimed } = await store.ledger.counts(1);
    expect([accepted, rejected, claimed]).toEqual([0, 0, 0]);
    // At once: it is no fault of any server or subscriber that would ask for patience.
    await deliver(composeDeliverer(store, server), ALIVE);
    expect(recipients(server.taken)).toEqual(ALL);
  });

  it('says withdrawn, not deferred, of one who left just before the dot', async () => {
    const store = await open(['ann']);
    const server = openServer();
    const [ann] = await Array.fromAsync(store.subscribers.list());
    const mark: typeof store.ledger.mark = async (...order) => {
      await store.subscribers.unsubscribe(ann?.id ?? 0, 'one-click', START);
      return await store.ledger.mark(...order);
    };
    const leaving = { ...store, instanceId: store.instanceId, ledger: { ...store.ledger, mark } };
    const events: Event[] = [];
    const deliverer = composeDeliverer(leaving, server);
    const report = await deliver({ ...deliverer, report: (event) => events.push(event) }, ALIVE);
    expect(server.taken).toEqual([]);
    expect(report.settled).toEqual({ accepted: 0, deferred: 0, rejected: 0, 'in-doubt': 0 });
    expect(events.map(({ kind }) => kind)).toEqual(['delivery-started', 'withdrawn']);
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 1 }));
  });

  it('waits for a server that cannot be reached, with nothing claimed', async () => {
    const store = await open();
    const server = openServer();
    server.refuse = { kind: 'unreachable', reply: 'connection refused' };
    const report = await deliver(composeDeliverer(store, server), ALIVE);
    expect(report.pausedBecause).toContain('connection refused');
    expect(await store.ledger.counts(1)).toEqual(counts({ due: 5 }));
  });

  it.each([
    ['retry', 2],
    ['skip', 1],
    ['ask', 1],
  ] as const)('under %s hands over %i times when no answer came', async (inDoubt, times) => {
    const store = await open(['ann']);
    const server = openServer();
    server.answer = (_, attempt) => (attempt === 0 ? 'silent' : { kind: 'accepted', reply: '250 taken' });
    await deliver(composeDeliverer(store, server, { inDoubt }), ALIVE);
    expect(await store.ledger.counts(1)).toEqual(counts({ 'in-doubt': 1 }));
    await deliver(composeDeliverer(store, server, { inDoubt }), ALIVE);
    expect(server.taken).toHaveLength(1);
    await deliver(composeDeliverer(store, server, { inDoubt, clock: later(2) }), ALIVE);
    expect(server.taken).toHaveLength(times);
    expect(new Set(server.taken.map(textOf)).size).toBe(1);
  });

  it('withdraws those who left before their turn', async () => {
    const store = await open();
    const [ann] = await Array.fromAsync(store.subscribers.list());
    await store.subscribers.unsubscribe(ann?.id ?? 0, 'one-click', START);
    const server = openServer();
    await deliver(composeDeliverer(store, server), ALIVE);
    expect(recipients(server.taken)).toEqual(ALL.slice(1));
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 4, withdrawn: 1 }));
  });

  it('strikes addresses the server has no letters for, however many in a row, and goes on', async () => {
    const store = await open(Array.from({ length: 12 }, (_, index) => `reader${index}`));
    const server = openServer();
    const reply = 'The address has letters beyond ASCII';
    server.answer = () => ({ kind: 'rejected', reply, scope: 'subscriber', enhancedCode: '5.6.7' });
    const report = await deliver(composeDeliverer(store, server), ALIVE);
    expect(report.pausedBecause).toBeNull();
    expect(await store.ledger.counts(1)).toEqual(counts({ rejected: 12 }));
  });

  it('does not take a digest that is cancelled on the way for a broken server', async () => {
    const store = await open();
    const server = openServer();
    const transport = transportTo(server);
    const connect: typeof transport.connect = async () => {
      await store.repairs.cancel(1, START);
      return await transport.connect();
    };
    const openTransport = async () => await Promise.resolve({ ...transport, connect });
    const report = await deliver(composeDeliverer(store, server, { openTransport }), ALIVE);
    expect(server.taken).toEqual([]);
    expect(await store.ledger.counts(1)).toEqual(counts({ withdrawn: 5 }));
    expect(report.pausedBecause).toBeNull();
  });

  it('hands over nothing more once it is told to stop, and gives the rest back', async () => {
    const store = await open();
    const server = openServer();
    const stopping = new AbortController();
    server.answer = () => {
      stopping.abort();
      return { kind: 'accepted', reply: '250 taken' };
    };
    await deliver(composeDeliverer(store, server, { connections: 1 }), stopping.signal);
    expect(server.taken).toHaveLength(1);
    expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 1, due: 4 }));
  });
});

describe('a program that dies at any of its calls', () => {
  /** More calls than a run of five deliveries makes, as the last cases show: there the program lives. */
  const CALLS = Array.from({ length: 30 }, (_, index) => index + 1);

  it.each(CALLS.flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const]))(
    'call %i, %s: nobody is missing, and only doubt is sent again',
    async (call, when) => {
      const store = await open();
      const server = openServer();
      const dying = composeDeliverer(mortal(store, { call, when }), server, { connections: 2 });
      await deliver(dying, ALIVE).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error;
      });
      await deliver(
        composeDeliverer(store, server, { worker: describeWorker('second'), clock: later(3) }),
        ALIVE,
      );
      await deliver(
        composeDeliverer(store, server, { worker: describeWorker('third'), clock: later(6) }),
        ALIVE,
      );
      expect(new Set(recipients(server.taken))).toEqual(new Set(ALL));
      // One extra copy at most for each open connection, and the same bytes.
      expect(server.taken.length - ALL.length).toBeLessThanOrEqual(2);
      for (const to of ALL) {
        const copies = server.taken.filter(({ envelope }) => envelope.to === to);
        expect(new Set(copies.map(textOf)).size).toBe(1);
      }
      expect(await store.ledger.counts(1)).toEqual(counts({ accepted: 5 }));
    },
  );
});
