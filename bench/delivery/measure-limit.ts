/**
 * What no program on this machine can beat: the processor time of one signature and one hash by Node's crypto (OpenSSL), of what Postfix's
 * `smtp-source` and the sink need to pass a message of the same size, and the cores there are.
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { median } from '../figure.ts';
import { type SinkKind, withSink } from './open-sink.ts';
import { findProgram, runProgram } from './programs.ts';

export type Limit = {
  /** RSA-2048 over SHA-256, of a header of 1 kB. */
  readonly signMilliseconds: number;
  /** SHA-256 of a whole message. */
  readonly hashMilliseconds: number;
  /** What there is without a signature; null where `smtp-source` is not installed. */
  readonly source: Source | null;
  /** Signed messages a second, or null without `source`. */
  readonly perSecond: number | null;
};

export type Source = {
  readonly perSecond: number;
  /** Of `smtp-source` and the sink together, for one message. */
  readonly cpuMilliseconds: number | null;
};

export type Load = {
  readonly work: string;
  readonly sink: SinkKind;
  readonly connections: number;
  /** Of a finished message, near enough. */
  readonly bytes: number;
  /** For the built-in sink. */
  readonly flags?: readonly string[];
};

const CRYPTO_MILLISECONDS = 800;
/** For a first guess of how many messages fill a measurement. */
const TRIAL_MESSAGES = 1500;

/** Makes the key of this run. Its path. */
export async function makeKey(work: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const file = join(work, 'dkim.pem');
  await writeFile(file, privateKey, { mode: 0o600 });
  return file;
}

export async function measureLimit(load: Load, key: string, seconds: number): Promise<Limit> {
  const privateKey = createPrivateKey(await readFile(key));
  const signMilliseconds = measureCpu((data) => sign('sha256', data, privateKey), 1000);
  const hashMilliseconds = measureCpu((data) => createHash('sha256').update(data).digest(), load.bytes);
  const source = await measureSource(load, seconds);
  const carried = source?.cpuMilliseconds ?? null;
  const perSecond =
    carried === null
      ? null
      : (availableParallelism() * 1000) / (signMilliseconds + hashMilliseconds + carried);
  return { signMilliseconds, hashMilliseconds, source, perSecond };
}

/** Processor time, not wall time: others on the machine do not make it longer. */
function measureCpu(work: (data: Buffer) => unknown, bytes: number): number {
  const data = randomBytes(bytes);
  for (let round = 0; round < 50; round += 1) work(data);
  const before = process.cpuUsage();
  const until = Date.now() + CRYPTO_MILLISECONDS;
  let rounds = 0;
  while (Date.now() < until) {
    work(data);
    rounds += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}

async function measureSource(load: Load, seconds: number): Promise<Source | null> {
  if (findProgram('smtp-source') === null) return null;
  const trial = await runSource(load, TRIAL_MESSAGES);
  return await runSource(load, Math.ceil((trial.perSecond * seconds) / 100) * 100);
}

async function runSource({ work, sink: kind, connections, bytes }: Load, messages: number): Promise<Source> {
  const size = ['-s', String(connections), '-m', String(messages), '-l', String(bytes)];
  const ends = ['-f', 'bench@example.org', '-t', 'reader@d0.example'];
  const { result: run, cpuSeconds: sinkCpu } = await withSink({ kind, folder: work }, async (sink) => {
    // -d: the next message over the same connection, as everybody else here does.
    const args = ['-d', ...size, ...ends, `127.0.0.1:${sink.port}`];
    const finished = await runProgram(findProgram('smtp-source') ?? 'smtp-source', args);
    const taken = sink.count();
    if (taken !== messages) throw new Error(`smtp-source sent ${messages}, the sink took ${taken}`);
    return finished;
  });
  const cpu = run.cpuSeconds === null || sinkCpu === null ? null : run.cpuSeconds + sinkCpu;
  return {
    perSecond: messages / run.seconds,
    cpuMilliseconds: cpu === null ? null : (cpu * 1000) / messages,
  };
}

/** Milliseconds that a page takes to reach the disk under `folder`: what a commit costs at least. */
export function measureSync(folder: string): number {
  const file = openSync(join(folder, 'sync'), 'w');
  const page = Buffer.alloc(4096);
  const spent = Array.from({ length: 100 }, () => {
    writeSync(file, page);
    const started = process.hrtime.bigint();
    fdatasyncSync(file);
    return Number(process.hrtime.bigint() - started) / 1e6;
  });
  closeSync(file);
  return median(spent);
}
