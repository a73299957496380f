/**
 * `/metrics` for Prometheus: numbers only, no address and no title. Off unless the config says who may read it: this machine, or whoever has the token.
 * To everybody else it is not there.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Measures } from '../app/delivery/measure-delivery.ts';
import type { SharingMeasures } from '../app/sharing/show-sharing.ts';
import { isLocalRequest } from './is-local-request.ts';
import type { WebEnv } from './web-env.ts';

export type MetricsMeans = {
  readonly access: { readonly kind: 'loopback' } | { readonly kind: 'token'; readonly token: string };
  readonly measure: () => Promise<Measures & { readonly sharing: SharingMeasures }>;
};

/** Answers whoever may read; others go on to where there is nothing. */
export function openMetricsRoute({ access, measure }: MetricsMeans): MiddlewareHandler<WebEnv> {
  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return async (context, next) => {
    if (!mayRead(access, context)) return await next();
    const measures = await measure();
    const own = renderMeasures(measures);
    addSharing(own, measures.sharing);
    const text = `${await own.metrics()}\n${await ofProcess.metrics()}`;
    return context.body(text, 200, { 'Content-Type': own.contentType, 'Cache-Control': 'no-store' });
  };
}

function mayRead(access: MetricsMeans['access'], context: Context<WebEnv>): boolean {
  if (access.kind === 'loopback') {
    return isLocalRequest(context.req.raw, context.env?.incoming?.socket.remoteAddress);
  }
  // RFC 6750 §2.1. Hashes have one length, so that comparing tells nothing of the token's.
  const given = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
  return timingSafeEqual(hashOf(given), hashOf(access.token));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function addSharing(registry: Registry, sharing: SharingMeasures): void {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const calls = new Gauge({
    name: 'renga_websub_calls',
    help: 'Calls to hubs and callbacks that wait, by kind.',
    labelNames: ['kind'],
    registers: [registry],
  });
  for (const [kind, number] of Object.entries(sharing.calls)) calls.set({ kind }, number);
  gauge('renga_websub_calls_failing', 'Of the calls that wait, those that failed before.').set(
    sharing.failingCalls,
  );
  gauge('renga_websub_callbacks', 'Callbacks that the embedded hub serves.').set(sharing.callbacks);
  gauge('renga_targets_failing', 'Places of publish.to that could not be carried to last time.').set(
    sharing.failingTargets,
  );
}

function renderMeasures(measures: Measures): Registry {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: number): void => {
    new Gauge({ name, help, registers }).set(value);
  };
  const byLabel = (
    kind: typeof Gauge<string> | typeof Counter<string>,
    name: string,
    help: string,
    label: string,
    values: Readonly<Record<string, number>>,
  ): void => {
    const metric = new kind({ name, help, labelNames: [label], registers });
    for (const [key, value] of Object.entries(values)) metric.inc({ [label]: key }, value);
  };
  byLabel(Gauge, 'renga_build_info', 'The version that runs.', 'version', { [measures.version]: 1 });
  byLabel(Gauge, 'renga_subscribers', 'Subscribers by state.', 'state', measures.subscribers);
  gauge('renga_deliveries_waiting', 'Deliveries that may be claimed now.', measures.waiting);
  if (measures.newest) {
    const { number, deliveries } = measures.newest;
    gauge('renga_newest_digest', 'Number of the newest digest.', number);
    byLabel(
      Gauge,
      'renga_newest_digest_deliveries',
      'Deliveries of the newest digest by state.',
      'state',
      deliveries,
    );
  }
  gauge('renga_pauses', 'Pauses of delivering that hold now.', measures.pauses);
  gauge('renga_slots_missed', 'Slots that wait for a person.', measures.missedSlots);
  byLabel(
    Counter,
    'renga_attempts_total',
    'Attempts of this program by outcome.',
    'outcome',
    measures.outcomes,
  );
  byLabel(
    Counter,
    'renga_failures_total',
    'What failed in this program, by kind.',
    'kind',
    measures.failures,
  );
  return registry;
}
