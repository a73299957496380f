/** What a publish that knows what was before is judged by: the same, made by a program that knows nothing. */
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { publishFeedsAndPages } from '../../../src/app/publish.ts';
import type { Renga } from '../../../src/app/renga.ts';
import { openLock } from '../../../src/store/open-lock.ts';
import { memoryCache } from '../../posts/publication-folder.ts';
import { readPublicFiles } from '../example-publication.ts';

/** The published files by path, made of the same posts and records in a new folder. */
export async function buildElsewhere(renga: Renga): Promise<ReadonlyMap<string, string>> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'renga-elsewhere-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  symlinkSync(join(renga.root, 'posts'), join(root, 'posts'), 'dir');
  const publishLock = openLock(join(root, 'publish.lock'));
  const options = { trustStamps: true, allowEmpty: true, allowReflood: false };
  await publishFeedsAndPages({ ...renga, root, publishLock, cache: memoryCache() }, options);
  return await readPublicFiles(root);
}
