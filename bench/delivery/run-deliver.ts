/** A publication in a folder of its own, prepared by Renga's own code, and the real process over it: `node bin/renga.mjs -C FOLDER deliver`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CONFIG_SCHEMA } from '../../src/config/config-schema.ts';
import { RENGA } from '../measure-process.ts';
import type { Sink } from './open-sink.ts';
import type { Frozen } from './prepare.ts';
import { type Finished, readCpuOf, readPeakOf, runProgram, subtract } from './programs.ts';

export type Publication = {
  readonly folder: string;
  readonly subscribers: number;
  readonly frozen: Frozen;
};

export type Sent = {
  readonly messages: number;
  /** From the start of the process to its end, without what the same process needs when nothing is due. */
  readonly seconds: number;
  readonly cpuSeconds: number | null;
};

const PREPARE = fileURLToPath(new URL('prepare.ts', import.meta.url));

/** Whether this Renga can sign: until it can, it is measured unsigned, and the figures say so. */
export const CAN_SIGN = 'dkim' in CONFIG_SCHEMA.shape;

export type List = {
  readonly subscribers: number;
  /** Of the compiled message. */
  readonly bytes: number;
  /** A `postgres:` URL; a SQLite file below the publication by default. */
  readonly database?: string;
};

/** `folder`: a publication that is there already; one of its own below `work` by default. */
export async function preparePublication(
  work: string,
  { subscribers, bytes, database }: List,
  folder?: string,
): Promise<Publication> {
  folder ??= await mkdtemp(join(work, 'publication-'));
  const args = [folder, String(subscribers), String(bytes), ...(database ? [database] : [])];
  await runProgram(process.execPath, [PREPARE, 'add', ...args]);
  const { stdout } = await runProgram(process.execPath, [PREPARE, 'freeze', ...args]);
  return { folder, subscribers, frozen: JSON.parse(stdout) as Frozen };
}

export type Settings = {
  readonly port: number;
  readonly connections: number;
  /** Path of a private key (PEM), or null to leave the signing to a relay. */
  readonly key: string | null;
  readonly database?: string;
};

export async function writeConfig(folder: string, settings: Settings): Promise<void> {
  const { port, connections, key, database } = settings;
  const lines = [
    'publication: {title: Bench, url: "https://example.org/"}',
    'from: Bench <bench@example.org>',
    'server: {url: "https://example.org/"}',
    `smtp: {url: "smtp://127.0.0.1:${port}", connections: ${connections}}`,
    ...(key === null || !CAN_SIGN ? [] : [`dkim: {selector: bench, key: ${JSON.stringify(key)}}`]),
    ...(database === undefined ? [] : [`database: ${JSON.stringify(database)}`]),
  ];
  await mkdir(join(folder, 'config'), { recursive: true });
  await writeFile(join(folder, 'config', 'renga.yaml'), `${lines.join('\n')}\n`);
}

/** Delivers all of it. Throws when the report or the sink counts anything but every message once. */
export async function deliverAll(
  { folder, subscribers }: Publication,
  sink: Sink,
  environment: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  const run = await runDeliver(folder, environment);
  const { settled } = JSON.parse(run.stdout) as { readonly settled: Readonly<Record<string, number>> };
  const taken = sink.count();
  if (settled['accepted'] !== subscribers || taken !== subscribers) {
    throw new Error(`${subscribers} messages, the sink took ${taken}, and Renga reports ${run.stdout}`);
  }
  const idle = await runDeliver(folder, environment);
  return {
    messages: subscribers,
    seconds: run.seconds - idle.seconds,
    cpuSeconds: subtract(run.cpuSeconds, idle.cpuSeconds),
  };
}

async function runDeliver(folder: string, environment: Readonly<Record<string, string>>): Promise<Finished> {
  return await runProgram(process.execPath, [RENGA, '-C', folder, 'deliver', '--json'], environment);
}

export type Watched = {
  /** Processor time per message between `from` and `to` messages, in milliseconds; null where the system does not tell. */
  readonly cpuMilliseconds: number | null;
  readonly perSecond: number;
  /** The process's resident memory at its highest up to `until` messages. */
  readonly peakMegabytes: number | null;
};

export type Window = { readonly from: number; readonly to: number; readonly until: number };

/** Delivers the first `until` messages of a longer list, and then stops as SIGTERM does. */
export async function deliverFirst(folder: string, sink: Sink, window: Window): Promise<Watched> {
  const worker = startWorker(folder);
  const first = await lookAt([worker], sink, window.from);
  const last = await lookAt([worker], sink, window.to);
  await lookAt([worker], sink, window.until);
  const peakMegabytes = readPeakOf(worker.pid);
  worker.stop();
  await worker.ended;
  const messages = last.count - first.count;
  const cpu = subtract(last.cpuSeconds, first.cpuSeconds);
  return {
    cpuMilliseconds: cpu === null ? null : (cpu * 1000) / messages,
    perSecond: rateBetween(first, last),
    peakMegabytes,
  };
}

/** All of it, by so many workers at once. Messages a second between `from` and `to` messages. */
export async function deliverTogether(
  folder: string,
  count: number,
  sink: Sink,
  { from, to }: Omit<Window, 'until'>,
): Promise<number> {
  const workers = Array.from({ length: count }, () => startWorker(folder));
  const first = await lookAt(workers, sink, from);
  const last = await lookAt(workers, sink, to);
  await Promise.all(workers.map(async ({ ended }) => await ended));
  return rateBetween(first, last);
}

type Worker = {
  readonly pid: number;
  /** Rejects when it does not exit with 0. */
  readonly ended: Promise<void>;
  readonly isRunning: () => boolean;
  readonly stop: () => void;
};

function startWorker(folder: string): Worker {
  const child = spawn(process.execPath, [RENGA, '-C', folder, 'deliver'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const finish = async (): Promise<void> => {
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`renga deliver ended with ${code}: ${await said}`);
  };
  const ended = finish();
  // Heard where it is awaited.
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: () => void child.kill('SIGTERM'),
  };
}

type Look = { readonly count: number; readonly at: bigint; readonly cpuSeconds: number | null };

/** The moment in which the sink has `count` messages. `cpuSeconds`: of the first worker. */
async function lookAt(workers: readonly Worker[], sink: Sink, count: number): Promise<Look> {
  while (sink.count() < count) {
    if (workers.every(({ isRunning }) => !isRunning())) {
      await Promise.all(workers.map(async ({ ended }) => await ended));
      throw new Error(`renga deliver ended after ${sink.count()} messages of ${count}`);
    }
    await wait(5);
  }
  const cpuSeconds = readCpuOf(workers[0]?.pid ?? 0);
  return { count: sink.count(), at: process.hrtime.bigint(), cpuSeconds };
}

function rateBetween(first: Look, last: Look): number {
  return (last.count - first.count) / (Number(last.at - first.at) / 1e9);
}
