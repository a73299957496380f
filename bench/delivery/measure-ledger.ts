/** What a long list costs: processor time per message and memory with a million deliveries in the ledger against ten thousand, and the freeze. */
import { rm } from 'node:fs/promises';
import { boundedFigure, type Figure, figure, staysWithinFigure } from '../figure.ts';
import type { Load } from './measure-limit.ts';
import { withSink } from './open-sink.ts';
import type { Frozen } from './prepare.ts';
import { deliverFirst, preparePublication, type Watched, type Window, writeConfig } from './run-deliver.ts';

const SHORT = 10_000;
const LONG = 1_000_000;
/** Small and unsigned, so that the ledger's share is as large as it can be. */
const BYTES = 3000;
/** The first 500 pay for the start and the compiler. */
const COUNTED = { from: 500, to: 5500 };
/** Memory is watched a little longer. */
const WATCHED = 20_000;

export async function measureLedger(load: Load): Promise<readonly Figure[]> {
  // Before and after: a machine changes its pace.
  const before = await measureList(load, SHORT, { ...COUNTED, until: COUNTED.to });
  const long = await measureList(load, LONG, { ...COUNTED, until: WATCHED });
  const after = await measureList(load, SHORT, { ...COUNTED, until: COUNTED.to });
  const name = `${LONG.toLocaleString('en')} deliveries`;
  return [
    boundedFigure(`freezing a digest for ${LONG.toLocaleString('en')}`, long.frozen.seconds, 20, 's'),
    ...boundedPeak('  peak memory of it', long.frozen.peakMegabytes),
    ...composeCpu(name, before, long, after),
    ...boundedPeak(`${name}: peak memory after ${WATCHED.toLocaleString('en')}`, long.peakMegabytes),
    ...boundedPeak(
      `${SHORT.toLocaleString('en')}: after ${COUNTED.to.toLocaleString('en')}`,
      before.peakMegabytes,
    ),
  ];
}

type List = Watched & { readonly frozen: Frozen };

async function measureList(load: Load, subscribers: number, window: Window): Promise<List> {
  const prepared = await preparePublication(load.work, { subscribers, bytes: BYTES });
  const { result } = await withSink({ kind: load.sink, folder: load.work }, async (sink) => {
    await writeConfig(prepared.folder, { port: sink.port, connections: load.connections, key: null });
    return await deliverFirst(prepared.folder, sink, window);
  });
  await rm(prepared.folder, { recursive: true });
  return { ...result, frozen: prepared.frozen };
}

function composeCpu(name: string, before: List, long: List, after: List): readonly Figure[] {
  const what = `${name}: CPU per message (3 kB, unsigned), against ${SHORT.toLocaleString('en')}`;
  if (before.cpuMilliseconds === null || after.cpuMilliseconds === null || long.cpuMilliseconds === null) {
    return [figure(what, 'not measured: this system does not tell')];
  }
  const short = (before.cpuMilliseconds + after.cpuMilliseconds) / 2;
  const value = `${long.cpuMilliseconds.toFixed(3)} ms against ${short.toFixed(3)} ms`;
  return [
    staysWithinFigure(what, value, long.cpuMilliseconds / short, 1.2),
    figure('  messages a second', `${long.perSecond.toFixed(0)} /s`),
  ];
}

function boundedPeak(what: string, megabytes: number | null): readonly Figure[] {
  if (megabytes === null) return [figure(what, 'not measured: this system does not tell')];
  return [boundedFigure(what, megabytes, 250, 'MB')];
}
