/** An address that had a feed under another generator leads to the feed, or says that it is gone, whatever lies there and whoever asks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExampleWeb, openExampleWeb } from './example-web.ts';

const FORMER = {
  moved: {
    'index.xml': 'rss.xml',
    feed: 'rss.xml',
    'tags/über/index.xml': 'tags/uber/atom.xml',
    away: 'https://elsewhere.example/feed?a=1',
  },
  retired: ['old/rss.xml', 'comments/feed'],
};

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb({ formerFeeds: FORMER });
  await web.write('rss.xml', '<rss/>');
  await web.write('tags/uber/atom.xml', '<feed/>');
});
afterEach(() => web.close());

const ask = async (path: string, method = 'GET'): Promise<Response> =>
  await web.app.request(`http://evil.example${path}`, { method });

describe('a feed that moved', () => {
  it.each([
    ['/index.xml', './rss.xml'],
    ['/index.xml?utm=1', './rss.xml'],
    ['/feed', './rss.xml'],
    ['/feed/', '../rss.xml'],
    ['/tags/%C3%BCber/index.xml', '../../tags/uber/atom.xml'],
    ['/tags/u%CC%88ber/index.xml', '../../tags/uber/atom.xml'],
  ])('%s leads to where it is', async (path, location) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await ask(path, method);
      expect([response.status, response.headers.get('Location')]).toEqual([301, location]);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(response.headers.get('Cache-Control')).toBe('public, max-age=3600');
    }
    const target = new URL(location, `http://evil.example${path}`);
    expect((await ask(target.pathname)).status).toBe(200);
  });

  it('may be on another host', async () => {
    expect((await ask('/away')).headers.get('Location')).toBe('https://elsewhere.example/feed?a=1');
  });

  it('leads there also where another generator left a file', async () => {
    await web.write('index.xml', '<rss/>');
    await web.write('feed/index.html', 'a page');
    expect([(await ask('/index.xml')).status, (await ask('/feed/')).status]).toEqual([301, 301]);
  });

  it('takes nothing else along', async () => {
    await web.write('feed/b', 'b');
    const paths = ['/index.xml2', '/feed/a', '/__proto__', '/constructor', '/%2Ffeed'];
    const statuses = await Promise.all(paths.map(async (path) => (await ask(path)).status));
    expect(statuses).toEqual([404, 404, 404, 404, 404]);
    expect([(await ask('/feed/b')).status, (await ask('/feed', 'POST')).status]).toEqual([200, 405]);
  });
});

describe('a feed that is gone', () => {
  it.each(['/old/rss.xml', '/comments/feed', '/comments/feed/'])('%s says so', async (path) => {
    await web.write('old/rss.xml', '<rss/>');
    const response = await ask(path);
    expect(response.status).toBe(410);
    expect(await response.text()).toBe('This feed is gone for good. Please do not ask for it again.\n');
    expect(response.headers.get('Content-Type')).toMatch(/^text\/plain/u);
    expect((await ask(path, 'HEAD')).status).toBe(410);
  });
});
