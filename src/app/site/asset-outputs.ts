/** The files beside posts that are published with them, as outputs: each once, whichever posts show it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../../domain/output.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';

export function assetOutputs(root: string, prepared: readonly PreparedEntry[]): readonly Output[] {
  const outputs = new Map<string, Output>();
  for (const { assets } of prepared) {
    for (const asset of assets) {
      const render = async (): Promise<Uint8Array> => await readFile(join(root, asset.path));
      outputs.set(asset.publicPath, { path: asset.publicPath, fingerprint: asset.hash, render });
    }
  }
  return [...outputs.values()];
}
