/** A thread that installs files in `public/`, many at once, as `open-installer.ts` asks it to. */
import { parentPort, workerData } from 'node:worker_threads';
import { type InstalledFile, type InstallingOptions, installFile } from './install-file.ts';

export type InstallingRequest = {
  readonly id: number;
  readonly file: { readonly path: string; readonly content: Uint8Array<ArrayBuffer> };
};

export type InstallingAnswer =
  | { readonly kind: 'installed'; readonly id: number; readonly installed: InstalledFile }
  /** What an error says of itself besides its message is lost between threads. */
  | { readonly kind: 'failed'; readonly id: number; readonly error: unknown; readonly facts: object };

const options = workerData as InstallingOptions;

async function answer({ id, file }: InstallingRequest): Promise<void> {
  let answered: InstallingAnswer;
  try {
    answered = { kind: 'installed', id, installed: await installFile(options, file) };
  } catch (error) {
    answered = { kind: 'failed', id, error, facts: { ...(error as object) } };
  }
  parentPort?.postMessage(answered, []);
}

parentPort?.on('message', (requests: readonly InstallingRequest[]) => {
  for (const request of requests) void answer(request);
});
