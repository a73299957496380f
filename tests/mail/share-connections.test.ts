/** An account's connections, shared by digests and notices: never more than it has, notices first, and nobody waits for good. */
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connection, ConnectResult, Transport } from '../../src/domain/transport.ts';
import { type ConnectionUse, openConnectionGate } from '../../src/mail/share-connections.ts';

/** A server that counts who is connected. */
function openServer() {
  const seen = {
    open: 0,
    most: 0,
    closed: 0,
    refuse: null as Exclude<ConnectResult, { kind: 'connected' }> | null,
  };
  const transport: Transport = {
    connections: 2,
    connect: async () => {
      await Promise.resolve();
      if (seen.refuse) return seen.refuse;
      seen.open += 1;
      seen.most = Math.max(seen.most, seen.open);
      const connection: Connection = {
        usable: true,
        handOver: async () => await Promise.resolve({ kind: 'accepted', reply: '250' }),
        close: async () => {
          seen.open -= 1;
          seen.closed += 1;
          await Promise.resolve();
        },
      };
      return { kind: 'connected', connection };
    },
    close: async () => await Promise.resolve(),
  };
  return { seen, transport };
}

async function open(transport: Transport): Promise<Connection> {
  const result = await transport.connect();
  if (result.kind !== 'connected') throw new Error(result.reply);
  return result.connection;
}

describe('an account with two connections', () => {
  it('asks one digest, and only one, to make room for a notice, which goes before digests that wait', async () => {
    const { seen, transport } = openServer();
    const gate = openConnectionGate(2);
    const [digests, notices] = (['digest', 'notice'] as const).map((use) => gate.limit(transport, use));
    const [one, other] = [await open(digests!), await open(digests!)];
    expect([one.usable, other.usable]).toEqual([true, true]);
    const order: string[] = [];
    const third = open(digests!).then((connection) => (order.push('digest'), connection));
    const notice = open(notices!).then((connection) => (order.push('notice'), connection));
    expect([one.usable, other.usable, one.usable]).toEqual([false, true, false]);
    await one.close();
    await one.close();
    expect((await notice).usable).toBe(true);
    expect([order, other.usable, seen.open]).toEqual([['notice'], true, 2]);
    await (await notice).close();
    expect((await third).usable).toBe(true);
    expect([order, seen.most]).toEqual([['notice', 'digest'], 2]);
  });

  it('lets the next one in where a server refused, or could not be reached', async () => {
    const { seen, transport } = openServer();
    const digests = openConnectionGate(1).limit(transport, 'digest');
    seen.refuse = { kind: 'unreachable', reply: 'no route' };
    for (const _ of [1, 2]) expect(await digests.connect()).toEqual(seen.refuse);
    const failing: Transport = { ...transport, connect: async () => await Promise.reject(new Error('bug')) };
    const gate = openConnectionGate(1);
    await expect(gate.limit(failing, 'notice').connect()).rejects.toThrow('bug');
    seen.refuse = null;
    expect((await open(gate.limit(transport, 'notice'))).usable).toBe(true);
  });
});

it('is never passed, and everybody has their turn', async () => {
  const works = array(
    record({
      use: constantFrom<ConnectionUse>('digest', 'notice'),
      messages: integer({ min: 0, max: 6 }),
      start: integer({ min: 0, max: 12 }),
    }),
    { maxLength: 12 },
  );
  await assert(
    asyncProperty(integer({ min: 1, max: 4 }), works, async (connections, jobs) => {
      const { seen, transport } = openServer();
      const gate = openConnectionGate(connections);
      await Promise.all(
        jobs.map(async ({ use, messages, start }) => {
          for (let tick = 0; tick < start; tick += 1) await Promise.resolve();
          const line = gate.limit(transport, use);
          // As `driveLine` does: another connection where this one is of no more use.
          for (let left = messages; left > 0; ) {
            const connection = await open(line);
            while (left > 0 && connection.usable) {
              await connection.handOver({} as never, async () => await Promise.resolve(true));
              left -= 1;
            }
            await connection.close();
          }
        }),
      );
      expect(seen.open).toBe(0);
      expect(seen.most).toBeLessThanOrEqual(connections);
    }),
  );
});
