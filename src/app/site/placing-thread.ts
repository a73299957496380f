/** A thread that puts files into `public/`, many at once, as `open-placer.ts` asks it to. */
import { parentPort, workerData } from 'node:worker_threads';
import { type PlacedFile, type PlacingOptions, placeFile } from './place-file.ts';

export type PlacingRequest = {
  readonly id: number;
  readonly file: { readonly path: string; readonly content: Uint8Array<ArrayBuffer> };
};

export type PlacingAnswer =
  | { readonly kind: 'placed'; readonly id: number; readonly placed: PlacedFile }
  /** What an error says of itself besides its message is lost between threads. */
  | { readonly kind: 'failed'; readonly id: number; readonly error: unknown; readonly facts: object };

const options = workerData as PlacingOptions;

async function answer({ id, file }: PlacingRequest): Promise<void> {
  let answered: PlacingAnswer;
  try {
    answered = { kind: 'placed', id, placed: await placeFile(options, file) };
  } catch (error) {
    answered = { kind: 'failed', id, error, facts: { ...(error as object) } };
  }
  // Small as what is left of each file is here, thousands of their bytes would be held before anything was swept.
  file.content.buffer.transfer(0);
  parentPort?.postMessage(answered, []);
}

parentPort?.on('message', (requests: readonly PlacingRequest[]) => {
  for (const request of requests) void answer(request);
});
