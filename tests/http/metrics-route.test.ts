/** `/metrics`: numbers for who may read them, nothing for others. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MetricsMeans } from '../../src/http/metrics-route.ts';
import { openExampleWeb } from './example-web.ts';

const MEASURES: Awaited<ReturnType<MetricsMeans['measure']>> = {
  version: '1.2.3',
  subscribers: { pending: 1, active: 20, unsubscribed: 3, suppressed: 4 },
  waiting: 5,
  newest: {
    number: 7,
    deliveries: {
      due: 5,
      claimed: 0,
      'handing-over': 0,
      accepted: 12,
      deferred: 0,
      rejected: 1,
      'given-up': 0,
      withdrawn: 2,
      'in-doubt': 0,
    },
  },
  pauses: 1,
  missedSlots: 0,
  outcomes: { accepted: 12, deferred: 3, rejected: 1, 'in-doubt': 0 },
  failures: { rounds: 2, requests: 0 },
  sharing: { callbacks: 9, calls: { ping: 2, verify: 0, deliver: 6 }, failingCalls: 8, failingTargets: 1 },
};

const measure = async () => await Promise.resolve(MEASURES);
const TOKEN = 'a-token-of-thirty-characters';

async function ask(
  access: MetricsMeans['access'] | null,
  from: { readonly peer?: string; readonly url?: string; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const web = await openExampleWeb({ metrics: access && { access, measure } });
  onTestFinished(async () => await web.close());
  const { peer = '127.0.0.1', url = 'http://127.0.0.1/metrics', headers = {} } = from;
  return await web.app.request(url, { headers }, { incoming: { socket: { remoteAddress: peer } } });
}

describe('/metrics', () => {
  it('is in the form Prometheus reads, each metric with its help and type', async () => {
    const response = await ask({ kind: 'loopback' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const lines = (await response.text()).split('\n');
    for (const line of [
      '# TYPE renga_subscribers gauge',
      'renga_subscribers{state="active"} 20',
      'renga_newest_digest 7',
      'renga_newest_digest_deliveries{state="in-doubt"} 0',
      'renga_newest_digest_deliveries{state="accepted"} 12',
      'renga_deliveries_waiting 5',
      '# TYPE renga_attempts_total counter',
      'renga_attempts_total{outcome="deferred"} 3',
      'renga_failures_total{kind="rounds"} 2',
      'renga_pauses 1',
      'renga_websub_calls{kind="deliver"} 6',
      'renga_websub_calls_failing 8',
      'renga_websub_callbacks 9',
      'renga_targets_failing 1',
      'renga_build_info{version="1.2.3"} 1',
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
  });

  it('is not there unless it is asked for', async () => {
    expect((await ask(null)).status).toBe(404);
  });

  it.each([
    ['from another machine', { peer: '192.0.2.7' }],
    ['through a proxy', { headers: { 'x-forwarded-for': '192.0.2.7' } }],
    ['by a name of the world', { url: 'https://example.org/metrics' }],
  ])('is not there %s, where only this machine may read it', async (_from, request) => {
    expect((await ask({ kind: 'loopback' }, request)).status).toBe(404);
  });

  it('is there for who has the token, from anywhere, and for nobody else', async () => {
    const access = { kind: 'token', token: TOKEN } as const;
    const from = (authorization?: string) => ({
      peer: '192.0.2.7',
      url: 'https://example.org/metrics',
      headers: authorization === undefined ? {} : { authorization },
    });
    expect((await ask(access, from(`Bearer ${TOKEN}`))).status).toBe(200);
    for (const wrong of [undefined, TOKEN, `Bearer ${TOKEN}x`, 'Bearer ', `Basic ${btoa(TOKEN)}`]) {
      expect([wrong, (await ask(access, from(wrong))).status]).toEqual([wrong, 404]);
    }
    expect((await ask(access)).status).toBe(404);
  });
});
