/** Files for hosts: written beside the pages, followed by no reader, and never in the place of one that the author wrote. */
import { expect, it } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { composeHostFiles } from '../../../src/http/feeds/host-files.ts';
import { PUBLICATION } from '../../render/feeds/sample-entries.ts';
import { postText, openForEach } from '../example-publication.ts';

const example = openForEach(async ({ write }) => {
  await write('posts/a.md', postText('A'));
});

const MOVED = { moved: { 'index.xml': 'rss.xml' }, retired: [] };
const GONE = { moved: {}, retired: ['old.xml'] };

const publish = async (former: typeof MOVED | typeof GONE, changes: Partial<Renga> = {}): Promise<void> => {
  const hostFiles = composeHostFiles(PUBLICATION, former);
  const feeds = { ...example.renga.settings.feeds, ...former };
  const settings = { ...example.renga.settings, feeds };
  await publishFeedsAndPages(
    { ...example.renga, hostFiles, settings, ...changes },
    { trustStamps: false, allowEmpty: false },
  );
};

it('are written, and go when there is nothing left to say', async () => {
  await publish(MOVED);
  expect(await example.published('_headers')).toContain('/atom.xml\n  Content-Type: application/atom+xml');
  expect(await example.published('_redirects')).toContain(
    '/blog/index.xml https://example.org/blog/rss.xml 301',
  );
  await publish(GONE);
  expect(await example.published('_redirects')).toBeNull();
});

it('leave alone what the author wrote, before or after', async () => {
  await example.write('public/_headers', '/*\n  X-Mine: yes\n');
  await publish(MOVED);
  expect(await example.published('_headers')).toBe('/*\n  X-Mine: yes\n');
  await example.write('public/_redirects', '/a /b\n');
  await publish(GONE);
  expect(await example.published('_redirects')).toBe('/a /b\n');
});

it('are none where another generator makes the pages', async () => {
  const { settings } = example.renga;
  await publish(MOVED, { settings: { ...settings, pages: { ...settings.pages, enabled: false } } });
  expect([await example.published('_headers'), await example.published('_redirects')]).toEqual([null, null]);
});
