/** Starts the counting server, tells it what to do, and reads what it wrote down. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Line, ServerWord, Wish } from './ledger-lines.ts';

export type LedgerServer = {
  readonly port: number;
  /** Resolves when the server has heard it. */
  readonly wish: (wish: Wish) => Promise<void>;
  /** All that it wrote down so far. */
  readonly lines: () => Promise<readonly Line[]>;
  readonly close: () => Promise<void>;
};

export async function openLedgerServer(folder: string): Promise<LedgerServer> {
  const file = join(folder, 'server.jsonl');
  const child = fork(fileURLToPath(new URL('ledger-server.ts', import.meta.url)), [file], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const next = async (): Promise<ServerWord> => ((await once(child, 'message')) as [ServerWord])[0];
  const first = await next();
  if (first.kind !== 'listening') throw new Error('the server does not listen');
  return {
    port: first.port,
    wish: async (wish) => {
      const heard = next();
      child.send(wish);
      await heard;
    },
    lines: async () =>
      (await readFile(file, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line),
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
