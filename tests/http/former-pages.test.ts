/** An address that had a post leads to where the post is, or says that it is gone, and never to the host of a request. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Showing } from '../../src/domain/post.ts';
import { postRecord } from '../store/samples.ts';
import { type ExampleWeb, NOW, openExampleWeb } from './example-web.ts';

let web: ExampleWeb;
beforeEach(async () => {
  web = await openExampleWeb();
  await web.store.posts.record([postRecord('moved'), postRecord('gone')]);
  await show('moved', 'old');
  await show('moved', 'new');
  await show('gone', 'gone', { until: NOW });
  await web.write('new/index.html', 'the post');
  await web.write('new/dot.png', 'a picture');
  await web.write('old/index.html', 'a page for hosts that know no redirect');
});
afterEach(() => web.close());

const show = async (id: string, slug: string, changes: Partial<Showing> = {}): Promise<void> => {
  const showing = { slug, since: NOW, until: null, isInFeed: true, ...changes };
  await web.store.posts.show([{ id, showing }]);
};
const ask = async (path: string, method = 'GET'): Promise<Response> =>
  await web.app.request(`http://evil.example${path}`, { method });

describe('a page that moved', () => {
  it.each([
    ['/old', './new/'],
    ['/old/', '../new/'],
    ['/old/index.html', '../new/'],
    ['/old/dot.png', '../new/dot.png'],
  ])('%s leads to where the post is now', async (path, location) => {
    const response = await ask(path);
    expect([response.status, response.headers.get('Location')]).toEqual([301, location]);
    const target = new URL(location, `http://evil.example${path}`);
    expect((await ask(target.pathname)).status).toBe(200);
    expect((await ask(path, 'HEAD')).status).toBe(301);
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=300');
  });

  it('is its own again once a post has that slug', async () => {
    await web.store.posts.record([postRecord('other')]);
    await show('other', 'old');
    expect((await ask('/old/')).status).toBe(200);
  });
});

describe('a page that is gone', () => {
  it.each(['/gone', '/gone/', '/gone/index.html', '/gone/dot.png'])('%s says so', async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(410);
    expect(await response.text()).toContain('This post is gone');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('is not said of what never was, nor of what is there', async () => {
    expect((await ask('/never/')).status).toBe(404);
    expect((await ask('/never/x.png')).status).toBe(404);
    expect((await ask('/new/')).status).toBe(200);
    expect((await ask('/new/dot.png')).status).toBe(200);
  });
});

describe('while the database is away', () => {
  it('pages can be read, and the error is told', async () => {
    const failing = await openExampleWeb({
      findPage: async () => await Promise.reject(new Error('away')),
    });
    await failing.write('new/index.html', 'the post');
    expect((await failing.app.request('/new/')).status).toBe(200);
    expect((await failing.app.request('/none/')).status).toBe(404);
    expect(failing.reported.map(String)).toEqual(['Error: away', 'Error: away']);
    await failing.close();
  });
});
