/** The files for hosts as outputs. A file of that name that the author wrote stays as it is. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST_FILE_MARK } from '../../domain/host-file.ts';
import type { Output } from '../../domain/output.ts';
import type { Renga } from '../renga.ts';

/** None where another generator makes the pages: what it says to the host would be lost. */
export function hostOutputs({
  root,
  settings,
  hostFiles,
}: Pick<Renga, 'root' | 'settings' | 'hostFiles'>): readonly Output[] {
  if (!settings.pages.enabled) return [];
  return hostFiles.map(({ path, text }) => ({
    path,
    fingerprint: createHash('sha256').update(text).digest('hex'),
    render: async () => ((await isForeign(join(root, 'public', path))) ? null : text),
  }));
}

async function isForeign(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text !== null && !text.startsWith(HOST_FILE_MARK);
}
