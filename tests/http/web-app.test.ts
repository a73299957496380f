/** What all routes share: methods, headers, errors. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebApp } from '../../src/http/web-app.ts';
import { type ExampleWeb, openExampleWeb, PUBLICATION, openExampleDesk, NO_SIGN_UPS } from './example-web.ts';

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb();
});
afterEach(async () => await web.close());

describe('the server', () => {
  it('says that it is there', async () => {
    const response = await web.app.request('/healthz');
    expect([response.status, await response.text()]).toEqual([200, 'ok']);
    expect((await web.app.request('/healthz', { method: 'HEAD' })).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY'])(
    'does not take %s',
    async (method) => {
      await web.write('rss.xml', 'x');
      for (const path of ['/', '/rss.xml', '/healthz', '/nothing']) {
        const response = await web.app.request(path, { method });
        expect([path, response.status, response.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD']);
      }
    },
  );

  it('has no inbox unless there is one', async () => {
    expect((await web.app.request('/inbox')).status).toBe(404);
  });

  it('asks for https only where it is served so', async () => {
    expect((await web.app.request('/healthz')).headers.get('strict-transport-security')).toContain(
      'max-age=',
    );
    const plain = await openExampleWeb({
      publication: { ...PUBLICATION, serverUrl: 'http://127.0.0.1:4000/' },
    });
    try {
      expect((await plain.app.request('/healthz')).headers.get('strict-transport-security')).toBeNull();
    } finally {
      await plain.close();
    }
  });

  it('tells a visitor nothing of what broke, and its owner all', async () => {
    const failure = new Error('disk on fire at /var/secret');
    const app = createWebApp({
      ...NO_SIGN_UPS,
      publicFolder: web.publicFolder,
      feeds: openExampleDesk(web.publicFolder),
      inboxFolder: null,
      metrics: null,
      findPage: async () => await Promise.resolve(null),
      publication: PUBLICATION,
      findByToken: async () => {
        throw failure;
      },
      unsubscribeByToken: async () => {
        throw failure;
      },
      renderPage: async (page) => JSON.stringify(page),
      report: (error) => void web.reported.push(error),
    });
    for (const method of ['GET', 'POST']) {
      const response = await app.request('/unsubscribe/x', { method });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toMatch(/fire|secret|\.ts/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(web.reported).toEqual([failure, failure]);
  });
});
