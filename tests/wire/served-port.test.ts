/** The port of the last `serve`: what other commands make links for. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { notePort, recallPort } from '../../src/wire/served-port.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-port-'));
  await mkdir(join(root, 'var'));
});
afterEach(async () => await rm(root, { recursive: true }));

it('is recalled while the config has the port it had then, and no longer once serve has that again', async () => {
  expect(await recallPort(root, 8420)).toBeNull();
  await notePort(root, { configured: 8420, served: 9000 });
  expect([await recallPort(root, 8420), await recallPort(root, 8421)]).toEqual([9000, null]);
  await notePort(root, { configured: 8420, served: 8420 });
  expect(await recallPort(root, 8420)).toBeNull();
});

it.each(['', '{', 'null', '[]', '{"configured":8420,"served":"9000"}', '{"configured":8420,"served":70000}'])(
  'is nobody’s, where the note says %s',
  async (text) => {
    await writeFile(join(root, 'var', 'served-port.json'), text);
    expect(await recallPort(root, 8420)).toBeNull();
  },
);
