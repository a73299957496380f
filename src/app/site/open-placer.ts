/**
 * Who puts files into `public/`: this thread where there are few, and one of its own where there are many. To make a file waits for the disk, again and again,
 * and this thread has pages to describe, feeds to make and readers to answer meanwhile.
 */
import { Worker } from 'node:worker_threads';
import { type FileToPlace, type PlacedFile, type PlacingOptions, placeFile } from './place-file.ts';
import type { PlacingAnswer, PlacingRequest } from './placing-thread.ts';

export type Placer = {
  /** Throws the system's error when the file cannot be written. */
  readonly place: (file: FileToPlace) => Promise<PlacedFile>;
  /** To be called when no more files come. */
  readonly close: () => Promise<void>;
};

/** Fewer are placed before a thread has started. */
const MANY = 300;

const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './placing-thread.ts' : './placing-thread.js',
  import.meta.url,
);

/** `files`: how many are to be placed. */
export function openPlacer(options: PlacingOptions, files: number): Placer {
  if (files >= MANY && !options.dryRun) return openThread(options);
  return { place: async (file) => await placeFile(options, file), close: async () => {} };
}

type Waiting = {
  readonly resolve: (placed: PlacedFile) => void;
  readonly reject: (error: unknown) => void;
};

/** Longer ones are placed here: a feed's documents, held twice, would cost more memory than they save time. */
const LONGEST = 50_000;

/** It holds a few files at a time, and none of them for long. */
const MEMORY = { maxYoungGenerationSizeMb: 6 };

function openThread(options: PlacingOptions): Placer {
  const waiting = new Map<number, Waiting>();
  const encoder = new TextEncoder();
  let worker: Worker | null = null;
  let outbox: PlacingRequest[] = [];
  let last = 0;
  const start = (): Worker => {
    const started = new Worker(THREAD, {
      workerData: options,
      env: {},
      execArgv: [],
      resourceLimits: MEMORY,
    });
    const fail = (error: unknown): void => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on('message', (answer: PlacingAnswer) => hear(waiting, answer));
    started.on('error', fail);
    started.on('exit', (code) => fail(new Error(`the thread that places files ended with code ${code}`)));
    return started;
  };
  const send = (): void => {
    worker ??= start();
    // The bytes were made for it: they are handed over, not copied.
    worker.postMessage(
      outbox,
      outbox.map(({ file }) => file.content.buffer),
    );
    outbox = [];
  };
  return {
    place: async (file) => {
      const { path, content } = file;
      if (typeof content !== 'string' || content.length > LONGEST) return await placeFile(options, file);
      return await new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        // What comes in one go goes in one message: to wake a thread costs more than a short text.
        if (outbox.push({ id: last, file: { path, content: encoder.encode(content) } }) === 1)
          queueMicrotask(send);
      });
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}

function hear(waiting: Map<number, Waiting>, answer: PlacingAnswer): void {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.kind === 'placed') asked?.resolve(answer.placed);
  else asked?.reject(Object.assign(answer.error as Error, answer.facts));
}
