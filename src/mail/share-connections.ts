/**
 * Keeps to an account's number of connections, whoever of this program opens them: digests hold theirs for hours, and give one up after the message they
 * have in flight when a notice waits for it. Nobody waits for longer than that message, or than the notices that are due.
 */
import type { Connection, Transport } from '../domain/transport.ts';

/** `notice` goes ahead. */
export type ConnectionUse = 'digest' | 'notice';

export type ConnectionGate = {
  /** The same transport, whose connections count. */
  readonly limit: (transport: Transport, use: ConnectionUse) => Transport;
};

/** `connections`: how many may be open at once, at least 1. */
export function openConnectionGate(connections: number): ConnectionGate {
  const gate = openTurnstile(connections);
  return {
    limit: (transport, use) => ({
      connections: transport.connections,
      connect: async () => {
        await gate.enter(use);
        try {
          const result = await transport.connect();
          if (result.kind === 'connected') {
            return { ...result, connection: countConnection(gate, result.connection, use) };
          }
          gate.leave(false);
          return result;
        } catch (error) {
          gate.leave(false);
          throw error;
        }
      },
      close: async () => await transport.close(),
    }),
  };
}

type Turnstile = {
  readonly enter: (use: ConnectionUse) => Promise<void>;
  /** Whether this one is to make room; true for as many as notices wait, and each of them must then leave. */
  readonly isAskedToYield: () => boolean;
  readonly leave: (yielded: boolean) => void;
};

function openTurnstile(connections: number): Turnstile {
  const waiting: Record<ConnectionUse, (() => void)[]> = { digest: [], notice: [] };
  let free = connections;
  /** Connections that were told to make room and have not closed yet. */
  let yielding = 0;
  return {
    enter: async (use) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting[use].push(resolve));
    },
    isAskedToYield: () => {
      if (waiting.notice.length <= yielding) return false;
      yielding += 1;
      return true;
    },
    leave: (yielded) => {
      if (yielded) yielding -= 1;
      const next = waiting.notice.shift() ?? waiting.digest.shift();
      if (next) next();
      else free += 1;
    },
  };
}

function countConnection(gate: Turnstile, connection: Connection, use: ConnectionUse): Connection {
  let yields = false;
  let isOpen = true;
  return {
    get usable() {
      yields ||= isOpen && use === 'digest' && gate.isAskedToYield();
      return !yields && connection.usable;
    },
    handOver: async (message, mark) => await connection.handOver(message, mark),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await connection.close();
      gate.leave(yields);
    },
  };
}
