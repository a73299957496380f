/** The files beside posts that are published with them, as outputs: each once, whichever posts show it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../../domain/output.ts';
import { compareNewestFirst } from '../../domain/post.ts';
import { keepFor, patchList } from '../../domain/succession.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';

export function assetOutputs(root: string, prepared: readonly PreparedEntry[]): readonly Output[] {
  const outputs = new Map<string, Output>();
  for (const { assets } of withAssets(prepared)) {
    for (const asset of assets) {
      const render = async (): Promise<Uint8Array> => await readFile(join(root, asset.path));
      outputs.set(asset.publicPath, { path: asset.publicPath, fingerprint: asset.hash, render });
    }
  }
  return [...outputs.values()];
}

const hasAssets = ({ assets }: PreparedEntry): boolean => assets.length > 0;

const withAssets = keepFor<PreparedEntry, readonly PreparedEntry[]>(
  (entries) => entries.filter(hasAssets),
  (last, { added, removed }) =>
    patchList(last, { added: added.filter(hasAssets), removed: removed.filter(hasAssets) }, (a, b) =>
      compareNewestFirst(a.post, b.post),
    ),
);
