/**
 * How fast `renga deliver` empties a list into a mail server on this machine with its ledger durable, against nodemailer's own pooled `sendMail`,
 * against Postfix's `smtp-source`, and against what two cores can do at all; and what a long list and a slow disk cost. All in one run.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Limit, type Load, makeKey, measureLimit, measureSync } from './delivery/measure-limit.ts';
import { measureLedger } from './delivery/measure-ledger.ts';
import { measurePeer, type Peer } from './delivery/measure-peer.ts';
import {
  measureDelayedSpeed,
  measureSpeed,
  type Sample,
  type Speed,
  takeSamples,
} from './delivery/measure-speed.ts';
import { measureWorkers } from './delivery/measure-workers.ts';
import { chooseSink, type SinkKind } from './delivery/open-sink.ts';
import { pinToTwoCores } from './delivery/pin-processors.ts';
import { type Bench, type BenchOptions, type Figure, figure, reachingFigure } from './figure.ts';

const PARTS = ['signed', 'unsigned', 'delayed', 'ledger', 'workers'] as const;
type Part = (typeof PARTS)[number];

/** Of a finished message. */
const BYTES = 67_000;
/** Milliseconds that `delayed` adds to each commit. */
const DELAY = 5;
/** Messages a second to plan for where there is no limit to plan by. */
const UNKNOWN_LIMIT = 1000;

export const bench: Bench = {
  title:
    '`renga deliver`, the whole process from its start to its end less an idle run of it; peers in the same run, same connections and sink',
  run: async (options) => {
    const parts = chooseParts(options.only);
    const work = await mkdtemp(join(tmpdir(), 'renga-delivery-'));
    const unpin = pinToTwoCores();
    try {
      // smtp-sink looks about as another user.
      await chmod(work, 0o755);
      const load = { work, sink: readSink(options), connections: options.connections, bytes: BYTES };
      return await runParts(load, parts, options.seconds);
    } finally {
      unpin();
      await rm(work, { recursive: true, force: true });
    }
  },
};

function chooseParts(only: string | null): readonly Part[] {
  const parts = PARTS.filter((part) => only === null || part === only);
  if (parts.length === 0) throw new Error(`There is no part ${only}; there are ${PARTS.join(', ')}.`);
  return parts;
}

function readSink({ sink }: BenchOptions): SinkKind {
  if (sink === null) return chooseSink();
  if (sink === 'smtp-sink' || sink === 'built-in') return sink;
  throw new Error(`There is no sink ${sink}; there are smtp-sink and built-in.`);
}

async function runParts(load: Load, parts: readonly Part[], seconds: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [describeGround(load)];
  if (parts.some((part) => part === 'signed' || part === 'unsigned' || part === 'delayed')) {
    figures.push(...(await measureSpeeds(load, parts, seconds)));
  }
  if (parts.includes('ledger')) {
    tell('a long list');
    figures.push(...(await measureLedger(load)));
  }
  if (parts.includes('workers')) {
    tell('workers');
    figures.push(...(await measureWorkers(load, seconds)));
  }
  return figures;
}

function describeGround({ work, sink, connections }: Load): Figure {
  const cores = availableParallelism();
  // Others at work make every rate smaller, and a ratio of two rates a matter of luck.
  const others = `load ${loadavg()[0]?.toFixed(1)} before`;
  const sync = `fdatasync ${measureSync(work).toFixed(2)} ms`;
  return figure('ground', `${cores} cores, ${connections} connections, sink: ${sink}, ${sync}, ${others}`);
}

async function measureSpeeds(
  load: Load,
  parts: readonly Part[],
  seconds: number,
): Promise<readonly Figure[]> {
  tell('the limits');
  const key = await makeKey(load.work);
  const { ours, peers, folder } = await takeSamples(load, key);
  const limit = await measureLimit(load, key, seconds);
  const planned = Math.ceil((limit.perSecond ?? UNKNOWN_LIMIT) * 0.6 * seconds);
  const figures: Figure[] = [...describeMessages(ours, peers), ...describeLimit(limit)];
  let signed: Speed | null = null;
  if (parts.includes('signed')) {
    tell('nodemailer');
    const peer = await measurePeer(load, folder, key, Math.ceil(planned / 4));
    tell(`renga, ${planned} messages`);
    signed = await measureSpeed(load, { messages: planned, key });
    figures.push(...composeSigned(signed, { limit, peer, isSigned: ours.isSigned }));
  }
  if (parts.includes('unsigned')) {
    const messages = Math.ceil((limit.source?.perSecond ?? UNKNOWN_LIMIT) * 0.6 * seconds);
    tell(`renga, ${messages} messages, unsigned`);
    figures.push(...composeUnsigned(await measureSpeed(load, { messages, key: null }), limit));
  }
  if (parts.includes('delayed')) {
    signed ??= await measureSpeed(load, { messages: planned, key });
    tell(`renga, ${planned} messages, slower commits`);
    const delayed = await measureDelayedSpeed(load, { messages: planned, key }, DELAY);
    // Before and after, and the faster counts: a machine changes its pace.
    const again = await measureSpeed(load, { messages: planned, key });
    const undelayed = Math.max(signed.perSecond, again.perSecond);
    const what = `renga, ${nameOf(ours.isSigned)}, ${DELAY} ms added to each commit, against without`;
    figures.push(
      reachingFigure(what, rate(delayed), delayed.perSecond / undelayed, 0.8),
      figure('  without', `${undelayed.toFixed(0)} /s`),
      figure('  messages for each commit', (planned / delayed.commits).toFixed(1)),
    );
  }
  return figures;
}

/** A run takes minutes: who waits sees what for. */
function tell(what: string): void {
  process.stderr.write(`  measuring ${what} …\n`);
}

const nameOf = (isSigned: boolean): string => (isSigned ? 'signed' : 'NOT signed (it cannot yet)');
const rate = ({ perSecond }: Pick<Speed, 'perSecond'>): string => `${perSecond.toFixed(0)} /s`;
const milliseconds = (value: number | null): string =>
  value === null ? 'unknown' : `${value.toFixed(3)} ms`;

function describeMessages(ours: Sample, peers: Sample): readonly Figure[] {
  for (const { bytes } of [ours, peers]) {
    if (Math.abs(bytes - BYTES) > BYTES / 100) throw new Error(`a message has ${bytes} bytes, not ${BYTES}`);
  }
  if (!peers.isSigned) throw new Error('nodemailer did not sign');
  const size = ({ bytes, isSigned }: Sample): string =>
    `${(bytes / 1000).toFixed(2)} kB, ${isSigned ? 'signed' : 'NOT signed'}`;
  return [figure('a message: renga; nodemailer', `${size(ours)}; ${size(peers)}`)];
}

function describeLimit({ signMilliseconds, hashMilliseconds, source, perSecond }: Limit): readonly Figure[] {
  const costs = [
    figure('CPU of one RSA-2048 signature', milliseconds(signMilliseconds)),
    figure('CPU of one SHA-256 of 67 kB', milliseconds(hashMilliseconds)),
  ];
  if (source === null) return [...costs, figure('smtp-source', 'not measured: it is not installed')];
  return [
    ...costs,
    figure('CPU of smtp-source and sink, a message', milliseconds(source.cpuMilliseconds)),
    figure('smtp-source, unsigned', `${source.perSecond.toFixed(0)} /s`),
    figure('limit: cores ÷ (signature + hash + source and sink)', `${perSecond?.toFixed(0) ?? 'unknown'} /s`),
  ];
}

function composeSigned(
  speed: Speed,
  { limit, peer, isSigned }: { readonly limit: Limit; readonly peer: Peer; readonly isSigned: boolean },
): readonly Figure[] {
  const what = `renga, ${nameOf(isSigned)}`;
  return [
    figure('nodemailer, pooled, signed', rate(peer)),
    figure('  its CPU per message', milliseconds(peer.cpuMilliseconds)),
    reachingFigure(`${what}, against nodemailer`, rate(speed), speed.perSecond / peer.perSecond, 5),
    ...(limit.perSecond === null
      ? []
      : [reachingFigure(`${what}, against the limit`, rate(speed), speed.perSecond / limit.perSecond, 0.6)]),
    figure('  its CPU per message', milliseconds(speed.cpuMilliseconds)),
    ...composeCpuRate(speed, limit.perSecond),
  ];
}

/** What would be reached if no core ever waited: near the rate when the machine is ours alone, above it when others take their share or the disk is slow. */
function composeCpuRate(speed: Speed, reference: number | null): readonly Figure[] {
  if (speed.cpuMilliseconds === null || speed.sinkMilliseconds === null || reference === null) return [];
  const perSecond = (availableParallelism() * 1000) / (speed.cpuMilliseconds + speed.sinkMilliseconds);
  return [
    figure(
      '  cores ÷ (its CPU + the sink), against the same',
      `${perSecond.toFixed(0)} /s`,
      perSecond / reference,
    ),
  ];
}

function composeUnsigned(speed: Speed, { source }: Limit): readonly Figure[] {
  const cpu = [
    figure('  its CPU per message', milliseconds(speed.cpuMilliseconds)),
    ...composeCpuRate(speed, source?.perSecond ?? null),
  ];
  if (source === null) return [figure('renga, unsigned', rate(speed)), ...cpu];
  const ratio = speed.perSecond / source.perSecond;
  return [reachingFigure('renga, unsigned, against smtp-source', rate(speed), ratio, 0.6), ...cpu];
}
