/** A program that dies before or after its n-th call of the store or the transport: from then on nothing it does reaches either. */
import type { Renga } from '../../src/app/renga.ts';
import type { Store } from '../../src/domain/store.ts';
import type { Connection, Transport } from '../../src/domain/transport.ts';

export class Death extends Error {}

export type Moment = { readonly call: number; readonly when: 'before' | 'after' };

/** Parts of the store that are ports themselves. */
const PARTS = new Set(['posts', 'series', 'digests', 'ledger', 'subscribers', 'volumes']);
/** What streams instead of answering once. */
const STREAMS = new Set(['list', 'deliveries']);

export class Life {
  calls = 0;
  readonly #death: Moment;
  #isDead = false;

  constructor(death: Moment) {
    this.#death = death;
  }

  get isOver(): boolean {
    return this.#isDead;
  }

  async live<Result>(call: () => Promise<Result>): Promise<Result> {
    this.calls += 1;
    const isIt = this.calls === this.#death.call;
    if (isIt && this.#death.when === 'before') this.#isDead = true;
    this.#check();
    const result = await call();
    // What was on its way when it died may still get there; the program does not hear of it.
    if (isIt) this.#isDead = true;
    this.#check();
    return result;
  }

  #check(): void {
    if (this.#isDead) throw new Death('the program is gone');
  }
}

type Method = (...values: readonly unknown[]) => unknown;

function guardPort<Port extends object>(port: Port, life: Life): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof name === 'string' && PARTS.has(name)) return guardPort(value as object, life);
      if (typeof value !== 'function') return value;
      const call = (values: readonly unknown[]): unknown => Reflect.apply(value as Method, target, values);
      if (typeof name === 'string' && STREAMS.has(name)) {
        return async function* stream(...values: readonly unknown[]) {
          yield* await life.live(async () => await Promise.resolve(call(values) as AsyncIterable<unknown>));
        };
      }
      return async (...values: readonly unknown[]) =>
        await life.live(async () => await Promise.resolve(call(values)));
    },
  });
}

function guardTransport(transport: Transport, life: Life): Transport {
  return {
    connections: transport.connections,
    connect: async () => {
      const result = await life.live(async () => await transport.connect());
      if (result.kind !== 'connected') return result;
      return { kind: 'connected', connection: guardConnection(result.connection, life) };
    },
    close: async () => await transport.close(),
  };
}

function guardConnection(connection: Connection, life: Life): Connection {
  return {
    get usable() {
      return connection.usable;
    },
    handOver: async (message, mark) => await life.live(async () => await connection.handOver(message, mark)),
    close: async () => await connection.close(),
  };
}

export function makeMortal(renga: Renga, life: Life): Renga {
  const store: Store = guardPort(renga.store, life);
  return {
    ...renga,
    store,
    openTransport: async () => guardTransport(await renga.openTransport(), life),
  };
}
