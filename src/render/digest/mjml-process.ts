/** Keeps the MJML process: started with the first document, used for all, never in the way of the program's end. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MjmlAnswer, MjmlRequest } from './mjml-job.ts';

export type MjmlProcess = {
  /** Rejects only when the process itself dies or takes longer than a minute; errors in the MJML are in the answer. */
  compile(mjml: string): Promise<MjmlAnswer>;
  close(): Promise<void>;
};

type Waiting = {
  readonly resolve: (answer: MjmlAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
};

const CHILD = new URL(
  import.meta.url.endsWith('.ts') ? './mjml-child.ts' : './mjml-child.js',
  import.meta.url,
);
const TIME_LIMIT_MILLISECONDS = 60_000;

export function openMjmlProcess(): MjmlProcess {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | null = null;
  let lastId = 0;

  const fail = (reason: string) => {
    child = null;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new Error(`the MJML process ${reason}`));
    }
    waiting.clear();
  };
  const hear = (answer: MjmlAnswer) => {
    const open = waiting.get(answer.id);
    clearTimeout(open?.timer);
    waiting.delete(answer.id);
    if (waiting.size === 0 && child) letGo(child);
    open?.resolve(answer);
  };
  const start = (): ChildProcess => {
    const started = startChild();
    started.on('message', hear);
    started.on('error', (error) => fail(`cannot be used: ${error.message}`));
    started.on('exit', (code, signal) => {
      if (child === started) fail(`ended early (${signal ?? code})`);
    });
    return started;
  };
  return {
    compile: (mjml) =>
      new Promise((resolve, reject) => {
        child ??= start();
        const current = child;
        holdOn(current);
        lastId += 1;
        const timer = setTimeout(() => current.kill('SIGKILL'), TIME_LIMIT_MILLISECONDS);
        waiting.set(lastId, { resolve, reject, timer });
        const request: MjmlRequest = { id: lastId, mjml };
        current.send(request);
      }),
    close: async () => {
      const ending = child;
      fail('was closed');
      if (ending) await endChild(ending);
    },
  };
}

/** No secrets in its environment, and no options of ours. */
function startChild(): ChildProcess {
  const folder = dirname(createRequire(import.meta.url).resolve('mjml/package.json'));
  return fork(fileURLToPath(CHILD), [], {
    cwd: folder,
    env: {},
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function holdOn(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  holdOn(child);
  child.kill('SIGKILL');
  await ended;
}
