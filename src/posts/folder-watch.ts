/**
 * Watches a folder and the folders below it. A folder tells what happens to its files, so that none of them has a watch of its own. It may tell too often; what it does not tell,
 * in a folder of tens of thousands, is found by the periodic look.
 */
import { lstatSync, readdirSync, statSync, watch, type FSWatcher, type WatchEventType } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isIgnoredName } from './ignore-names.ts';

/** Where something happened, as an absolute path; null for anywhere. */
export type TellPlace = (place: string | null) => void;

/** A watch takes 2 kB. Of more folders, those that changed last are watched from the start: what is older is seldom edited. */
const MOST_WATCHED = 24_000;
/** Of those that come in one go. */
const MOST_AT_ONCE = 1000;

export class FolderWatch {
  readonly #watches = new Map<string, FSWatcher>();
  readonly #folder: string;
  readonly #tell: TellPlace;

  /** `folder` need not be there yet. */
  constructor(folder: string, tell: TellPlace) {
    this.#folder = folder;
    this.#tell = tell;
  }

  /** `most`: how many folders are watched from the start. */
  open(most = MOST_WATCHED): void {
    const name = basename(this.#folder);
    this.#watch(dirname(this.#folder), (met) => met === name);
    this.#watchAll(this.#folder, most);
  }

  close(): void {
    for (const one of this.#watches.values()) one.close();
    this.#watches.clear();
  }

  #watchAll(top: string, most: number): void {
    const met: string[] = [];
    for (const folder of eachFolder(top)) {
      met.push(folder);
      if (met.length <= most) this.#watchOne(folder);
    }
    if (met.length > most) this.#choose(met, chooseNewest(met, most));
  }

  /** Of those that were met, only the newest are watched. */
  #choose(met: readonly string[], newest: ReadonlySet<string>): void {
    for (const folder of met) {
      if (newest.has(folder)) {
        if (!this.#watches.has(folder)) this.#watchOne(folder);
        continue;
      }
      this.#watches.get(folder)?.close();
      this.#watches.delete(folder);
    }
  }

  #watchOne(folder: string): void {
    this.#watch(folder, (name) => !isIgnoredName(name));
  }

  #watch(folder: string, isMeant: (name: string) => boolean): void {
    try {
      const one = watch(folder, (kind, name) => this.#hear(folder, kind, name, isMeant));
      one.on('error', () => {
        this.#leave(folder);
        this.#tell(null);
      });
      this.#watches.get(folder)?.close();
      this.#watches.set(folder, one);
    } catch {
      // It went meanwhile, or the system has no more watches.
    }
  }

  #hear(folder: string, kind: WatchEventType, name: string | null, isMeant: (name: string) => boolean): void {
    if (name === null) this.#tell(null);
    if (name === null || !isMeant(name)) return;
    const place = join(folder, name);
    this.#tell(place);
    if (kind !== 'rename') return;
    // A folder came, went or was exchanged: a watch stays with the folder it was opened for, wherever that is now.
    this.#leave(place);
    if (!isFolder(folder)) this.#leave(folder);
    this.#watchAll(place, MOST_AT_ONCE);
  }

  /** With all below it. */
  #leave(folder: string): void {
    if (!this.#watches.has(folder)) return;
    const below = join(folder, '/');
    for (const [path, one] of this.#watches) {
      if (path !== folder && !path.startsWith(below)) continue;
      one.close();
      this.#watches.delete(path);
    }
  }
}

/** A folder with all below it; none where there is no folder. Each is given before it is listed: whoever watches it by then hears of what comes meanwhile. */
function* eachFolder(top: string): Iterable<string> {
  if (!isFolder(top)) return;
  const folders = [top];
  for (const folder of folders) {
    yield folder;
    for (const name of namesOfFolders(folder)) folders.push(join(folder, name));
  }
}

function namesOfFolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && !isIgnoredName(entry.name) ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

/** Always with the first, in which most that is new appears. */
function chooseNewest([top, ...below]: readonly string[], most: number): ReadonlySet<string> {
  const newest = below
    .map((path) => ({ path, changed: changeOf(path) }))
    .sort((a, b) => b.changed - a.changed)
    .slice(0, most - 1);
  return new Set([top ?? '', ...newest.map(({ path }) => path)]);
}

function changeOf(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
