/**
 * Who installs files in `public/`: this thread where there are few, and one of its own where there are many. To make a file waits for the disk, again and again,
 * and this thread has pages to describe, feeds to make and readers to answer meanwhile.
 */
import { Worker } from 'node:worker_threads';
import {
  type FileToInstall,
  type InstalledFile,
  type InstallingOptions,
  installFile,
} from './install-file.ts';
import type { InstallingAnswer, InstallingRequest } from './installing-thread.ts';

export type Installer = {
  /** Throws the system's error when the file cannot be written. Bytes with a buffer of their own are taken away from the caller. */
  readonly install: (file: FileToInstall) => Promise<InstalledFile>;
  /** To be called when no more files come. */
  readonly close: () => Promise<void>;
};

/** Fewer are installed before a thread has started. */
const MANY = 300;

const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './installing-thread.ts' : './installing-thread.js',
  import.meta.url,
);

/** `files`: how many are to be installed. */
export function openInstaller(options: InstallingOptions, files: number): Installer {
  if (files >= MANY && !options.dryRun) return openThread(options);
  return { install: async (file) => await installFile(options, file), close: async () => {} };
}

type Waiting = {
  readonly resolve: (installed: InstalledFile) => void;
  readonly reject: (error: unknown) => void;
};

/** Longer texts are installed here: held twice, they would cost more memory than they save time. Bytes are handed over, whatever their length. */
const LONGEST = 50_000;

/** It holds a few files at a time, and none of them for long. */
const MEMORY = { maxYoungGenerationSizeMb: 6 };

function openThread(options: InstallingOptions): Installer {
  const waiting = new Map<number, Waiting>();
  const encoder = new TextEncoder();
  let worker: Worker | null = null;
  let outbox: InstallingRequest[] = [];
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
    started.on('message', (answer: InstallingAnswer) => hear(waiting, answer));
    started.on('error', fail);
    started.on('exit', (code) => fail(new Error(`the thread that installs files ended with code ${code}`)));
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
    install: async (file) => {
      const { path } = file;
      const content = bytesToHandOver(file.content, encoder);
      if (!content) return await installFile(options, file);
      return await new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        // What comes in one go goes in one message: to wake a thread costs more than a short text.
        if (outbox.push({ id: last, file: { path, content } }) === 1) queueMicrotask(send);
      });
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}

/** Null for what cannot be, or is better not: bytes that are a part of others. */
function bytesToHandOver(content: string | Uint8Array, encoder: TextEncoder): Uint8Array<ArrayBuffer> | null {
  if (typeof content === 'string') return content.length > LONGEST ? null : encoder.encode(content);
  return ownsBuffer(content) ? content : null;
}

function ownsBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length;
}

function hear(waiting: Map<number, Waiting>, answer: InstallingAnswer): void {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (answer.kind === 'installed') asked?.resolve(answer.installed);
  else asked?.reject(Object.assign(answer.error as Error, answer.facts));
}
