/** The address of the embedded hub: a form in, a status out. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HubAnswer } from '../../src/app/websub/take-request.ts';
import { openExampleWeb } from './example-web.ts';

type Asked = { readonly topic: string | null; readonly visitor: string | null };

async function post(
  init: RequestInit,
  answer: HubAnswer = { kind: 'taken' },
  proxies: readonly string[] = [],
): Promise<{ readonly response: Response; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  const web = await openExampleWeb({
    proxies,
    takeHubRequest: async (field, visitor) => {
      asked.push({ topic: field('hub.topic'), visitor });
      return await Promise.resolve(answer);
    },
  });
  onTestFinished(async () => await web.close());
  const socket = { incoming: { socket: { remoteAddress: '192.0.2.7' } } };
  const response = await web.app.request('https://mail.example.org/websub', init, socket);
  return { response, asked };
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const body = 'hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.org%2Frss.xml';

describe('POST /websub', () => {
  it('takes a form and answers 202 before anything is verified', async () => {
    const { response, asked } = await post({ method: 'POST', headers: FORM, body });
    expect(response.status).toBe(202);
    expect(asked).toEqual([{ topic: 'https://example.org/rss.xml', visitor: '192.0.2.7' }]);
  });

  it('says why it refuses', async () => {
    const refused = { kind: 'refused', status: 404, reason: 'no such topic' } as const;
    const { response } = await post({ method: 'POST', headers: FORM, body }, refused);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('no such topic\n');
  });

  it('believes what our own proxies say of a visitor, and nobody else', async () => {
    const headers = { ...FORM, 'X-Forwarded-For': '2001:db8:1:2:3::9' };
    const visitorBehind = async (proxies: readonly string[]): Promise<unknown> =>
      (await post({ method: 'POST', headers, body }, { kind: 'taken' }, proxies)).asked[0]?.visitor;
    expect(await visitorBehind([])).toBe('192.0.2.7');
    expect(await visitorBehind(['192.0.2.0/24'])).toBe('2001:db8:1:2::/64');
  });

  it('refuses what is no form, and one that is too long', async () => {
    for (const init of [
      { headers: { 'Content-Type': 'application/json' }, body: '{}' },
      { headers: FORM, body: `hub.topic=${'x'.repeat(70_000)}` },
    ]) {
      const { response, asked } = await post({ method: 'POST', ...init });
      expect(response.status).toBe(400);
      expect(asked).toEqual([]);
    }
  });

  it('does nothing for a GET', async () => {
    const { response, asked } = await post({ method: 'GET' });
    expect([response.status, response.headers.get('allow'), asked]).toEqual([405, 'POST', []]);
  });
});

it('is not there without a hub', async () => {
  const web = await openExampleWeb();
  onTestFinished(async () => await web.close());
  const response = await web.app.request('/websub', { method: 'POST', headers: FORM, body });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, HEAD');
});
