/** The real program as a process, at an hour of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/renga.mjs', import.meta.url));
const CLOCK = new URL('shift-clock.ts', import.meta.url).href;

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
};

export type Running = {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

/** `hours`: how far its clock is ahead. `under`: a command to run it with, such as strace. */
export function startRenga(
  root: string,
  words: readonly string[],
  { hours = 0, under = [] }: { readonly hours?: number; readonly under?: readonly string[] } = {},
): Running {
  const [command = process.execPath, ...rest] = [...under, process.execPath, BIN, '-C', root, ...words];
  const child = spawn(command, rest, {
    env: { ...process.env, NODE_OPTIONS: `--import ${CLOCK}`, RENGA_TEST_HOURS: String(hours) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return {
    pid: child.pid ?? 0,
    ended: awaitEnd(child),
    kill: (signal) => void child.kill(signal),
  };
}

export async function runRenga(
  root: string,
  words: readonly string[],
  options: Parameters<typeof startRenga>[2] = {},
): Promise<Ended> {
  return await startRenga(root, words, options).ended;
}

async function awaitEnd(child: ChildProcess): Promise<Ended> {
  let out = '';
  let error = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (error += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, out, error };
}
