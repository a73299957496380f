/**
 * What walks met in the folders below `posts/`, so that the next lists only those that changed: looking at a folder's stamp takes a quarter of the
 * time. It counts on a file system that moves a folder's times with every name that comes or goes; where that is not certain, all is listed.
 */
import { readdirSync, statfsSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from '../domain/cache.ts';
import { compareCodePoints } from './compare-code-points.ts';
import { isIgnoredName } from './ignore-names.ts';
import { stampOf } from './read-file-bytes.ts';

/** A name in a folder that is not ignored, and what it names. */
export type MetName =
  | { readonly name: string; readonly kind: 'file' | 'link' }
  | { readonly name: string; readonly kind: 'folder'; readonly folder: RememberedFolder };

export type RememberedFolder = {
  /** As it was just before it was listed; empty where that cannot be relied on, so that it is listed again. */
  stamp: string;
  /** In code-point order. */
  names: readonly MetName[];
};

/** `statfs(2)` types of local file systems that keep a folder's times: ext, xfs, btrfs, tmpfs, overlay, zfs, f2fs, bcachefs. */
const KEEPING_TIMES: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010, 0xca451a4e,
]);

/** A folder that changed this shortly before a walk may change again without another stamp: clocks of file systems tick, coarsely some. */
const UNSETTLED_NANOSECONDS = 3_000_000_000n;

const KIND = 'walk';
const KEY = 'folders';
/** The last stamp of `posts/` itself. */
const TOP = 'top';

export function forgottenFolder(): RememberedFolder {
  return { stamp: '', names: [] };
}

export class FolderMemory {
  #top: RememberedFolder;
  #hasChanged = false;
  /** The file system of `posts/`, or null when its folders cannot be relied on. */
  #device: bigint | null = null;
  readonly #settledBefore: bigint;

  readonly #tell: () => void;

  /**
   * `now`: of before the walk, in milliseconds; without it nothing is remembered. `tell`: is called whenever a folder has other names than are remembered, or
   * names other things.
   */
  constructor(now = 0, top = forgottenFolder(), tell: () => void = () => undefined) {
    this.#tell = tell;
    this.#settledBefore = BigInt(Math.floor(now)) * 1_000_000n - UNSETTLED_NANOSECONDS;
    this.#top = top;
  }

  /** Begins a walk at this folder, given by its real path. */
  enter(file: string): RememberedFolder {
    this.#device = keepsTimes(file) ? statSync(file, { bigint: true }).dev : null;
    return this.#top;
  }

  /** The names in a folder, listed where they may have changed. Throws what the system says. */
  list(file: string, folder: RememberedFolder): readonly MetName[] {
    const stamp = this.#stampOf(file);
    if (stamp !== '' && stamp === folder.stamp) return folder.names;
    const known = new Map(folder.names.map((met) => [met.name, met]));
    folder.stamp = '';
    folder.names = readdirSync(file, { withFileTypes: true })
      .filter((entry) => !isIgnoredName(entry.name))
      .sort((a, b) => compareCodePoints(a.name, b.name))
      .map((entry) => meet(entry, known.get(entry.name)));
    folder.stamp = stamp;
    if (!areSame(known, folder.names)) this.#tell();
    if (stamp !== '') this.#hasChanged = true;
    return folder.names;
  }

  #stampOf(file: string): string {
    if (this.#device === null) return '';
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    const isSettled =
      stats?.dev === this.#device &&
      stats.mtimeNs < this.#settledBefore &&
      stats.ctimeNs < this.#settledBefore;
    return isSettled ? stampOf(stats) : '';
  }

  /** Keeps what the last walk met, where that is new. */
  keep(cache: Cache): void {
    if (this.#hasChanged) cache.put(KIND, new Map([[KEY, renderFolders(this.#top)]]));
    this.#hasChanged = false;
  }
}

/** `now`: in milliseconds. */
export function recallFolders(cache: Cache, now: number, tell?: () => void): FolderMemory {
  const text = cache.get(KIND, KEY);
  return new FolderMemory(now, text === null ? undefined : parseFolders(text), tell);
}

/** Whether `posts/` itself is another than when this was asked last: then names came or went in it, most likely. If not, that says nothing. */
export function hasTopChanged(cache: Pick<Cache, 'get' | 'put'>, root: string): boolean {
  const stamp = stampOfTop(root);
  const hasChanged = cache.get(KIND, TOP) !== stamp;
  if (hasChanged) cache.put(KIND, new Map([[TOP, stamp]]));
  return hasChanged;
}

function stampOfTop(root: string): string {
  try {
    return stampOf(statSync(join(root, 'posts'), { bigint: true }));
  } catch {
    // The walk will say what is wrong with it.
    return '';
  }
}

function keepsTimes(file: string): boolean {
  try {
    return KEEPING_TIMES.has(statfsSync(file).type);
  } catch {
    return false;
  }
}

function areSame(known: ReadonlyMap<string, MetName>, names: readonly MetName[]): boolean {
  return names.length === known.size && names.every(({ name, kind }) => known.get(name)?.kind === kind);
}

function meet(entry: Dirent, known: MetName | undefined): MetName {
  const { name } = entry;
  if (entry.isDirectory()) {
    const folder = known?.kind === 'folder' ? known.folder : forgottenFolder();
    return { name, kind: 'folder', folder };
  }
  return { name, kind: entry.isSymbolicLink() ? 'link' : 'file' };
}

/** One list for each folder: its stamp, then names with a number: of the folder's own list, or below zero. */
type Line = readonly (string | number)[];
const FILE = -1;
const LINK = -2;

/** Not nested: folders may lie deeper in each other than JSON can be written. */
function renderFolders(top: RememberedFolder): string {
  const folders = [top];
  const lines: Line[] = [];
  for (const { stamp, names } of folders) {
    const line: (string | number)[] = [stamp];
    for (const met of names) {
      line.push(met.name, met.kind === 'file' ? FILE : met.kind === 'link' ? LINK : folders.length);
      if (met.kind === 'folder') folders.push(met.folder);
    }
    lines.push(line);
  }
  return JSON.stringify(lines);
}

function parseFolders(text: string): RememberedFolder {
  const lines = JSON.parse(text) as readonly Line[];
  const folders = lines.map(forgottenFolder);
  for (const [index, line] of lines.entries()) {
    const folder = folders[index];
    if (!folder) continue;
    folder.stamp = String(line[0]);
    folder.names = parseNames(line, folders);
  }
  return folders[0] ?? forgottenFolder();
}

function parseNames(line: Line, folders: readonly RememberedFolder[]): readonly MetName[] {
  const names: MetName[] = [];
  for (let at = 1; at < line.length; at += 2) {
    const name = String(line[at]);
    const number = Number(line[at + 1]);
    if (number < 0) names.push({ name, kind: number === LINK ? 'link' : 'file' });
    else names.push({ name, kind: 'folder', folder: folders[number] ?? forgottenFolder() });
  }
  return names;
}
