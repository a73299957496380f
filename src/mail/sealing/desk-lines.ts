/** The two ways to a desk: to a thread of this program, and to a process of its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SigningKey } from '../dkim/signing-key.ts';
import { packKey } from './packed-key.ts';
import type { SealingAnswer, SealingOrder } from './sealing-job.ts';

export type DeskListener = {
  /** An empty list at first: it can begin. */
  readonly hear: (answers: readonly SealingAnswer[]) => void;
  /** Nothing more will be heard. Perhaps told twice. */
  readonly lose: (error: unknown) => void;
};

export type DeskLine = {
  readonly send: (orders: readonly SealingOrder[]) => void;
  /** False: the program may end though the line is open. */
  readonly hold: (isHeld: boolean) => void;
  readonly end: () => Promise<void>;
};

/** Megabytes. What a copy leaves behind is little and short-lived. */
const YOUNG_SPACE = 4;

export function openThreadLine(keys: readonly SigningKey[], { hear, lose }: DeskListener): DeskLine {
  const worker = new Worker(findFile('sealing-thread'), {
    workerData: keys,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_SPACE },
  });
  worker.on('message', hear);
  worker.on('error', lose);
  worker.on('exit', () => lose(new Error('the thread that seals copies ended')));
  worker.unref();
  return {
    send: (orders) => worker.postMessage(orders, []),
    hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
    end: async () => void (await worker.terminate()),
  };
}

/** `environment` is all that the process gets of one. */
export function openProcessLine(
  keys: readonly SigningKey[],
  environment: Readonly<Record<string, string>>,
  { hear, lose }: DeskListener,
): DeskLine {
  const child = fork(fileURLToPath(findFile('sealing-process')), [], {
    env: environment,
    execArgv: [`--max-semi-space-size=${YOUNG_SPACE}`],
    serialization: 'advanced',
    // Where it fails, threads do its work: nothing that a person need hear of.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const hold = (isHeld: boolean): void => {
    child[isHeld ? 'ref' : 'unref']();
    child.channel?.[isHeld ? 'ref' : 'unref']();
  };
  child.on('message', hear);
  child.on('error', lose);
  child.on('exit', () => lose(new Error('the process that seals copies ended')));
  child.send(keys.map(packKey));
  hold(false);
  return {
    send: (orders) => void child.send(orders),
    hold,
    end: async () => {
      hold(true);
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** In a checkout this file is `.ts`, and so are the desks'; in the package all are `.js`. */
function findFile(name: string): URL {
  return new URL(`${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
}
