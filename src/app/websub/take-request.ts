/**
 * What somebody asks of the embedded hub (WebSub §5.1): judged at once where that can be, and else owed a verification, for nobody is believed about
 * a callback but the callback itself. Bounded for each visitor, each host and all together, so that nobody makes us call others at will.
 */
import { createHash } from 'node:crypto';
import type { Intent } from '../../domain/websub.ts';
import type { Renga } from '../renga.ts';

export type HubAnswer =
  /** 202: it will be verified. */
  | { readonly kind: 'taken' }
  /** 400, 403, 404, 429 or 503, with the reason for whoever reads it. */
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 429 | 503; readonly reason: string };

export type HubRenga = Pick<Renga, 'store' | 'clock' | 'judgeAddress'>;

/** In seconds. Who asks for less than the least or more than the most gets that (§5.1: the hub decides). */
const LEASE = { least: 60, usual: 10 * 86_400, most: 30 * 86_400 };
/** RFC says a secret is shorter (§5.1); the rest is ours, and within what a database can have for a key. */
const SECRET_BYTES = 199;
const LONGEST_CALLBACK = 1000;
const LIMITS = { all: 10_000, perHost: 1000 };
const PER_HOUR = { visitor: 240, host: 600 };

/** `field`: the value of a form's field, or null. `visitor`: what stands for whoever asks, if that is known. */
export async function takeHubRequest(
  { store, clock, judgeAddress }: HubRenga,
  field: (name: string) => string | null,
  visitor: string | null,
): Promise<HubAnswer> {
  const mode = field('hub.mode');
  if (mode === 'publish') return refuse(403, 'this hub is told of changes by its own publication');
  if (mode !== 'subscribe' && mode !== 'unsubscribe')
    return refuse(400, 'hub.mode is not subscribe or unsubscribe');
  const topic = field('hub.topic');
  const callback = field('hub.callback');
  if (topic === null || callback === null) return refuse(400, 'hub.topic or hub.callback is missing');
  const problem = judgeCallback(callback, judgeAddress);
  if (problem !== null) return refuse(400, `hub.callback cannot be used: ${problem}`);
  const intent = mode === 'unsubscribe' ? ({ mode } as const) : readSubscribe(field);
  if (typeof intent === 'string') return refuse(400, intent);
  if (!(await store.websub.hasTopic(topic))) return refuse(404, 'hub.topic is no feed of this publication');
  const limits = { ...LIMITS, visitors: composeLimits(visitor, callback) };
  const result = await store.websub.ask({ topic, callback: new URL(callback).href, intent }, limits, clock());
  if (result === 'taken') return { kind: 'taken' };
  return result === 'full'
    ? refuse(503, 'this hub has no room for another callback')
    : refuse(429, 'too much was asked for this hour');
}

function refuse(status: Extract<HubAnswer, { kind: 'refused' }>['status'], reason: string): HubAnswer {
  return { kind: 'refused', status, reason };
}

function judgeCallback(text: string, judgeAddress: HubRenga['judgeAddress']): string | null {
  const problem = judgeAddress(text);
  if (problem !== null) return problem;
  const { href, hash } = new URL(text);
  if (hash !== '') return 'it has a fragment';
  return href.length > LONGEST_CALLBACK ? `it is longer than ${LONGEST_CALLBACK} characters` : null;
}

/** The intent, or what is wrong. */
function readSubscribe(field: (name: string) => string | null): Intent | string {
  const secret = field('hub.secret') || null;
  if (secret !== null && Buffer.byteLength(secret) > SECRET_BYTES)
    return 'hub.secret is not shorter than 200 bytes';
  const asked = field('hub.lease_seconds') || String(LEASE.usual);
  if (!/^\d{1,15}$/u.test(asked)) return 'hub.lease_seconds is no number';
  const leaseSeconds = Math.min(LEASE.most, Math.max(LEASE.least, Number(asked)));
  return { mode: 'subscribe', leaseSeconds, secret };
}

function composeLimits(
  visitor: string | null,
  callback: string,
): readonly { key: string; perHour: number; cost: number }[] {
  const host = { key: keyOf('host', new URL(callback).hostname), perHour: PER_HOUR.host, cost: 1 };
  return visitor === null
    ? [host]
    : [host, { key: keyOf('visitor', visitor), perHour: PER_HOUR.visitor, cost: 1 }];
}

/** A hash, for the store keeps no addresses of visitors. */
function keyOf(kind: string, name: string): string {
  return createHash('sha256').update(`websub ${kind} ${name}`).digest('hex');
}
