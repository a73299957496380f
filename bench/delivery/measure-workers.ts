/** Four workers of one connection each against one, on PostgreSQL, into a server that takes its time for each message. */
import { type Figure, figure, reachingFigure } from '../figure.ts';
import type { Load } from './measure-limit.ts';
import { type Sink, withSink } from './open-sink.ts';
import { type PostgresServer, withPostgres } from './postgres-server.ts';
import { deliverTogether, preparePublication, writeConfig } from './run-deliver.ts';

const WORKERS = 4;
/** Milliseconds from the final dot to the answer. */
const ANSWERS_AFTER = 20;
/** Small and unsigned: it is the sharing that is measured. */
const BYTES = 3000;

export async function measureWorkers(load: Load, seconds: number): Promise<readonly Figure[]> {
  const what = `${WORKERS} workers of one connection against 1, on PostgreSQL, the server takes ${ANSWERS_AFTER} ms`;
  const figures = await withPostgres(async (server) => {
    const messages = Math.ceil((seconds * 1000) / (ANSWERS_AFTER + 5));
    const one = await measureRate(load, server, { workers: 1, messages });
    const many = await measureRate(load, server, { workers: WORKERS, messages: messages * WORKERS });
    return [
      figure('one worker on PostgreSQL', `${one.toFixed(1)} /s`),
      reachingFigure(what, `${many.toFixed(1)} /s`, many / one, 3.5),
    ];
  });
  return figures ?? [figure(what, 'not measured: PostgreSQL is not installed')];
}

type Share = { readonly workers: number; readonly messages: number };

/** Messages a second, while all workers run: from the second tenth to the ninth. */
async function measureRate(
  load: Load,
  server: PostgresServer,
  { workers, messages }: Share,
): Promise<number> {
  const database = await server.makeDatabase(`workers_${workers}`);
  const size = { subscribers: messages, bytes: BYTES, database };
  const { folder } = await preparePublication(load.work, size);
  // The built-in one, for smtp-sink cannot wait without keeping its other clients waiting.
  const flags = ['--delay', String(ANSWERS_AFTER)];
  const { result } = await withSink({ kind: 'built-in', folder: load.work, flags }, async (sink: Sink) => {
    await writeConfig(folder, { port: sink.port, connections: 1, key: null, database });
    const perSecond = await deliverTogether(folder, workers, sink, {
      from: Math.ceil(messages * 0.2),
      to: Math.floor(messages * 0.9),
    });
    if (sink.count() !== messages) throw new Error(`${messages} messages, the sink took ${sink.count()}`);
    return perSecond;
  });
  return result;
}
