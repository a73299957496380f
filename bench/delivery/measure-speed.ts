/** How fast Renga delivers a list to its end: as it is, and with a slower disk; and a look at one finished message, so that the size is no guess. */
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Load } from './measure-limit.ts';
import { measurePeer } from './measure-peer.ts';
import { withSink } from './open-sink.ts';
import { deliverAll, preparePublication, writeConfig } from './run-deliver.ts';

export type Speed = {
  readonly perSecond: number;
  /** Of Renga, for one message. */
  readonly cpuMilliseconds: number | null;
  /** Of the sink, for one message. */
  readonly sinkMilliseconds: number | null;
};

export type Plan = {
  readonly messages: number;
  /** Path of the private key, or null for unsigned. */
  readonly key: string | null;
};

/** A compiled message grows by its slots' values (about 270 bytes) and its signature (about 700): aimed between signed and unsigned. */
const GROWTH = 600;
const SAMPLE = 4;
const DELAYER = new URL('delay-commits.mjs', import.meta.url).href;

export async function measureSpeed(
  load: Load,
  { messages, key }: Plan,
  environment: Readonly<Record<string, string>> = {},
): Promise<Speed> {
  const { work, connections, bytes } = load;
  const publication = await preparePublication(work, { subscribers: messages, bytes: bytes - GROWTH });
  const { result, cpuSeconds: sinkSeconds } = await withSink(
    { kind: load.sink, folder: work },
    async (sink) => {
      await writeConfig(publication.folder, { port: sink.port, connections, key });
      return await deliverAll(publication, sink, environment);
    },
  );
  const { seconds, cpuSeconds } = result;
  const perMessage = (spent: number | null): number | null =>
    spent === null ? null : (spent * 1000) / messages;
  return {
    perSecond: messages / seconds,
    cpuMilliseconds: perMessage(cpuSeconds),
    sinkMilliseconds: perMessage(sinkSeconds),
  };
}

export type DelayedSpeed = Speed & {
  /** How many commits were delayed. */
  readonly commits: number;
};

/** The same with so many milliseconds added to each commit, in whichever thread it is made. */
export async function measureDelayedSpeed(
  load: Load,
  plan: Plan,
  milliseconds: number,
): Promise<DelayedSpeed> {
  const reports = await mkdtemp(join(load.work, 'commits-'));
  const speed = await measureSpeed(load, plan, {
    NODE_OPTIONS: `--import=${DELAYER}`,
    RENGA_COMMIT_DELAY: String(milliseconds),
    RENGA_COMMIT_REPORTS: reports,
  });
  const files = await readdir(reports);
  const counts = await Promise.all(
    files.map(async (file) => Number(await readFile(join(reports, file), 'utf8'))),
  );
  const commits = counts.reduce((sum, count) => sum + count, 0);
  if (commits === 0) throw new Error('no commit was delayed: they are made where the delay does not reach');
  return { ...speed, commits };
}

export type Sample = { readonly bytes: number; readonly isSigned: boolean };

/** A finished message of Renga, and one of nodemailer, as a server gets them. */
export async function takeSamples(
  load: Load,
  key: string,
): Promise<{ readonly ours: Sample; readonly peers: Sample; readonly folder: string }> {
  const { work, connections, bytes } = load;
  const publication = await preparePublication(work, { subscribers: SAMPLE, bytes: bytes - GROWTH });
  const [ours, theirs] = [join(work, 'ours.eml'), join(work, 'theirs.eml')];
  await withSink({ kind: 'built-in', folder: work, flags: ['--keep', ours] }, async (sink) => {
    await writeConfig(publication.folder, { port: sink.port, connections, key });
    await deliverAll(publication, sink);
  });
  const flags = ['--keep', theirs];
  await measurePeer({ ...load, sink: 'built-in', flags }, publication.folder, key, SAMPLE);
  return { ours: await readSample(ours), peers: await readSample(theirs), folder: publication.folder };
}

async function readSample(file: string): Promise<Sample> {
  const message = await readFile(file, 'latin1');
  const head = message.slice(0, message.indexOf('\r\n\r\n'));
  return { bytes: message.length, isSigned: /^DKIM-Signature:/im.test(head) };
}
