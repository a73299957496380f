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
import type { Prepared } from './prepare.ts';
import { type Finished, readCpuOf, readPeakOf, runProgram, subtract } from './programs.ts';

export type Publication = { readonly folder: string; readonly subscribers: number } & Prepared;

export type Sent = {
  readonly messages: number;
  /** From the start of the process to its end, without what the same process needs when nothing is due. */
  readonly seconds: number;
  readonly cpuSeconds: number | null;
};

const PREPARE = fileURLToPath(new URL('prepare.ts', import.meta.url));

/** Whether this Renga can sign: until it can, it is measured unsigned, and the figures say so. */
export const CAN_SIGN = 'dkim' in CONFIG_SCHEMA.shape;

/** `bytes`: of the compiled message. */
export async function preparePublication(
  work: string,
  { subscribers, bytes }: { readonly subscribers: number; readonly bytes: number },
): Promise<Publication> {
  const folder = await mkdtemp(join(work, 'publication-'));
  const { stdout } = await runProgram(process.execPath, [
    PREPARE,
    folder,
    String(subscribers),
    String(bytes),
  ]);
  return { folder, subscribers, ...(JSON.parse(stdout) as Prepared) };
}

export type Settings = {
  readonly port: number;
  readonly connections: number;
  /** Path of a private key (PEM), or null to leave the signing to a relay. */
  readonly key: string | null;
};

export async function writeConfig(folder: string, { port, connections, key }: Settings): Promise<void> {
  const lines = [
    'publication: {title: Bench, url: "https://example.org/"}',
    'from: Bench <bench@example.org>',
    'server: {url: "https://example.org/"}',
    `smtp: {url: "smtp://127.0.0.1:${port}", connections: ${connections}}`,
    ...(key === null || !CAN_SIGN ? [] : [`dkim: {selector: bench, key: ${JSON.stringify(key)}}`]),
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
  const child = spawn(process.execPath, [RENGA, '-C', folder, 'deliver'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const { pid = 0 } = child;
  const look = async (count: number): Promise<Look> => {
    while (sink.count() < count) {
      if (child.exitCode !== null)
        throw new Error(`renga deliver ended with ${child.exitCode}: ${await said}`);
      await wait(5);
    }
    return { count: sink.count(), at: process.hrtime.bigint(), cpu: readCpuOf(pid) };
  };
  const first = await look(window.from);
  const last = await look(window.to);
  await look(window.until);
  const peakMegabytes = readPeakOf(pid);
  child.kill('SIGTERM');
  const [code] = await ended;
  if (code !== 0) throw new Error(`renga deliver ended with ${code} after SIGTERM: ${await said}`);
  const messages = last.count - first.count;
  const cpu = subtract(last.cpu, first.cpu);
  return {
    cpuMilliseconds: cpu === null ? null : (cpu * 1000) / messages,
    perSecond: messages / (Number(last.at - first.at) / 1e9),
    peakMegabytes,
  };
}

type Look = { readonly count: number; readonly at: bigint; readonly cpu: number | null };
