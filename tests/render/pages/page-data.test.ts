/** The link to the form: where readers can reach it, and nowhere else. */
import { expect, it } from 'vitest';
import { composeSiteData } from '../../../src/render/pages/page-data.ts';
import { PUBLICATION } from '../feeds/sample-entries.ts';

it.each([
  ['https://ann.example/', 'https://ann.example/', 'https://ann.example/subscribe'],
  [
    'https://ann.example/blog/',
    'https://mail.ann.example/renga/',
    'https://mail.ann.example/renga/subscribe',
  ],
  // Tried out at this machine.
  ['http://127.0.0.1:4321/', 'http://127.0.0.1:4321/', 'http://127.0.0.1:4321/subscribe'],
  ['https://ann.example/', 'http://127.0.0.1:4321/', null],
  ['https://ann.example/', 'http://[::1]:4321/', null],
])('pages at %s with a server at %s lead to %s', (url, serverUrl, link) => {
  expect(composeSiteData({ ...PUBLICATION, url, serverUrl }).subscribe).toBe(link);
});
