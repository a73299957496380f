/** Where what Renga brings lies, templates and texts: in its package, wherever the code that asks was put when it was built. */
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** Absolute path of a folder of the package, given below it. */
export function ownFolder(path: string): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error('this code lies in no package');
  return join(dirname(manifest), path);
}
