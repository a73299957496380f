/** A network between a program and PostgreSQL that fails exactly at a COMMIT, or goes silent, when told to. */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

/**
 * What happens to the next COMMIT: `unheard`: it is done, and its answer is lost with the line; `unsent`: the line is lost before it
 * arrives; `silent`: it is done, and from then on nothing passes, without a word to either side.
 */
export type Fault = 'unheard' | 'unsent' | 'silent';

export type LossyProxy = {
  readonly port: number;
  /** Arms it for one COMMIT. */
  readonly failNext: (fault: Fault) => void;
  /** How many COMMITs have failed. */
  readonly failures: () => number;
  readonly close: () => Promise<void>;
};

/** A simple query (PostgreSQL, §55.7: `Q`, its length, the text, a zero byte). */
const COMMIT = 'Q\0\0\0\x0bcommit\0';

export async function openLossyProxy(serverPort: number): Promise<LossyProxy> {
  let armed: Fault | null = null;
  let failures = 0;
  const open = new Set<Socket>();
  const proxy = net.createServer((client) => {
    const server = net.connect(serverPort, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    let fault: Fault | null = null;
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        open.delete(socket);
        if (fault !== 'silent') cut();
      });
    }
    client.on('data', (bytes) => {
      if (fault === null && armed !== null && bytes.includes(COMMIT)) {
        fault = armed;
        armed = null;
        failures += 1;
        if (fault === 'unsent') return cut();
      } else if (fault !== null) {
        return;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      // The answer to the COMMIT has come, so it was done.
      if (fault === 'unheard') return cut();
      if (fault === null) client.write(bytes);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    failNext: (fault) => {
      armed = fault;
    },
    failures: () => failures,
    close: async () => {
      for (const socket of open) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
