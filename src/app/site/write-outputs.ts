/**
 * Brings `public/` to what the outputs say: only what changed is rendered and written, each file beside and then renamed, so that a reader
 * or a crash meets the old file or the new one, never half of one. Removes what an earlier run wrote and nobody makes
 * any more, and never a file that it did not write.
 */
import { hash as hashBytes } from 'node:crypto';
import { closeSync, fdatasync, mkdirSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { Cache } from '../../domain/cache.ts';
import type { Output } from '../../domain/output.ts';
import { giveWay } from '../give-way.ts';
import { mapInFlight } from '../map-in-flight.ts';
import { isAsWritten, type OutputStamp, outputStampOf } from './output-stamp.ts';

export type OutputChange = {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'unchanged' | 'removed';
};

export type WrittenOutputs = {
  readonly changes: readonly OutputChange[];
  /** Of all that was wanted; empty with `dryRun`. */
  readonly stamps: readonly OutputStamp[];
};

/** A file that is on disk as its output said. */
export type Written = OutputStamp & { readonly fingerprint: string };

/** What the cache remembers of it: the hash tells whether it still is ours when it is to go. */
type Kept = Written & { readonly hash: string };

type Place = {
  readonly folder: string;
  readonly cache: Cache;
  readonly dryRun: boolean;
  /** Of the last time that this program wrote this folder. */
  readonly memory?: OutputMemory | undefined;
};

/** What a program that runs on wrote or found as it should be. */
export class OutputMemory {
  written: Map<string, Written> | null = null;
  /** Paths of which something else is known than was kept. */
  readonly touched = new Set<string>();
  /** Whether files that were right may be otherwise now: then each is looked at. */
  areFilesInDoubt = true;
  /** Fingerprints by path. */
  readonly #done = new Map<string, string>();

  isDone({ path, fingerprint }: Output): boolean {
    return !this.areFilesInDoubt && this.#done.get(path) === fingerprint;
  }

  /** `isThere`: whether the file is as the output says; what was refused stays as it was, and is asked for again. */
  keep({ path, fingerprint }: Output, isThere: boolean): void {
    if (isThere) this.#done.set(path, fingerprint);
    else this.#done.delete(path);
  }
}

/** Where files are made before they are renamed; on the same disk as their destination, and swept at each run. */
const WORKSHOP_FOLDER = '.renga-new';
/** Enough to keep every thread that renders them busy. */
const FILES_IN_FLIGHT = availableParallelism() * 12;

/**
 * Writes outputs in their order of appearance in groups: the caller puts feeds last, so that no feed names a page that is not there.
 * With `dryRun` nothing is written and the changes are what would be.
 */
export async function writeOutputs(
  place: Place,
  groups: readonly (readonly Output[])[],
): Promise<WrittenOutputs> {
  const written = place.memory?.written ?? readWritten(place.cache);
  if (place.memory && !place.dryRun) place.memory.written = written;
  const workshop = join(place.folder, WORKSHOP_FOLDER);
  if (!place.dryRun) {
    await rm(workshop, { recursive: true, force: true });
    await mkdir(workshop, { recursive: true });
  }
  const changes: OutputChange[] = [];
  const stamps: OutputStamp[] = [];
  for (const group of groups) {
    for (const { path, change, stamp } of await writeGroup(place, group, written)) {
      changes.push({ path, change });
      if (stamp) stamps.push(stamp);
    }
  }
  changes.push(...(await removeRest(place, new Set(groups.flat().map((output) => output.path)), written)));
  if (!place.dryRun) await rm(workshop, { recursive: true, force: true });
  return { changes, stamps };
}

function readWritten(cache: Cache): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const [path, text] of cache.all('output')) {
    const { hash: _hash, ...known } = JSON.parse(text) as Kept;
    written.set(path, known);
  }
  return written;
}

async function writeGroup(
  place: Place,
  outputs: readonly Output[],
  written: Map<string, Written>,
): Promise<readonly Result[]> {
  const { memory } = place;
  const asWritten = await findAsWritten(place, outputs, written);
  const remembered = new Map<string, string>();
  const write = async (output: Output): Promise<Result> => {
    const { path } = output;
    const result = await writeOutput(place, output);
    if (result.kept) {
      remembered.set(path, JSON.stringify(result.kept));
      if (!place.dryRun) written.set(path, result.kept);
      memory?.touched.add(path);
    }
    memory?.keep(output, result.isThere);
    return result;
  };
  const open = outputs.filter((_, index) => !asWritten[index]);
  const results = (await mapInFlight(open, FILES_IN_FLIGHT, write)).values();
  if (!place.dryRun && remembered.size > 0) place.cache.put('output', remembered);
  return asWritten.map((known) => known ?? results.next().value).filter((result) => result !== undefined);
}

/** Outputs that are looked at between two turns that others have. */
const BETWEEN_TURNS = 200;

/** Of each output what it is where its file is as it should be, else null. Most runs find nearly all so. */
async function findAsWritten(
  { folder, memory }: Place,
  outputs: readonly Output[],
  written: ReadonlyMap<string, Written>,
): Promise<readonly (Result | null)[]> {
  const found: (Result | null)[] = [];
  for (const [index, output] of outputs.entries()) {
    const { path } = output;
    const known = written.get(path);
    if (known && memory?.isDone(output)) {
      found.push({ path, change: 'unchanged', kept: null, stamp: null, isThere: true });
      continue;
    }
    // Synchronous: ten thousand of them take a tenth of the time.
    const isThere = known?.fingerprint === output.fingerprint && isAsWritten(`${folder}/${path}`, known);
    if (isThere) memory?.keep(output, true);
    found.push(isThere ? { path, change: 'unchanged', kept: null, stamp: known, isThere } : null);
    if (index % BETWEEN_TURNS === BETWEEN_TURNS - 1) await giveWay();
  }
  return found;
}

type Result = {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'unchanged';
  /** To be remembered, when it differs from what is. */
  readonly kept: Kept | null;
  /** As it is now; null when it was not looked at, or not written for `dryRun`. */
  readonly stamp: OutputStamp | null;
  /** Whether the file is what its output says: what is refused stays what it was. */
  readonly isThere: boolean;
};

async function writeOutput(place: Place, output: Output): Promise<Result> {
  const { path, fingerprint } = output;
  const file = join(place.folder, path);
  const present = statSync(file, { throwIfNoEntry: false });
  const rendered = await output.render();
  if (rendered === null) {
    const stamp = present ? outputStampOf(path, present) : null;
    return { path, change: 'unchanged', kept: null, stamp, isThere: false };
  }
  const bytes = Buffer.from(rendered);
  const hash = hashOf(bytes);
  const same = present?.size === bytes.length && hashOf(await readFile(file)) === hash;
  if (!same && !place.dryRun) await replaceFile(place.folder, path, bytes, present === undefined);
  const stamp = place.dryRun ? null : outputStampOf(path, statSync(file));
  const kept = stamp && { ...stamp, fingerprint, hash };
  const change = same ? 'unchanged' : present ? 'changed' : 'added';
  return { path, change, kept, stamp, isThere: !place.dryRun };
}

function hashOf(bytes: Uint8Array): string {
  return hashBytes('sha256', bytes);
}

/**
 * Synced before the rename: after a power loss the name leads to whole bytes, old or new. Only the sync waits for the disk; the rest
 * takes less time than a turn through the thread pool.
 */
async function replaceFile(folder: string, path: string, bytes: Uint8Array, isNew: boolean): Promise<void> {
  const beside = join(folder, WORKSHOP_FOLDER, hashOf(Buffer.from(path)).slice(0, 32));
  const descriptor = openSync(beside, 'w');
  try {
    writeFileSync(descriptor, bytes);
    await sync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  const file = join(folder, path);
  if (isNew) mkdirSync(dirname(file), { recursive: true });
  renameSync(beside, file);
}

const sync = promisify(fdatasync);

async function removeRest(
  place: Place,
  wanted: ReadonlySet<string>,
  written: Map<string, Written>,
): Promise<readonly OutputChange[]> {
  const changes: OutputChange[] = [];
  const forgotten = new Map<string, null>();
  for (const path of written.keys()) {
    if (wanted.has(path)) continue;
    forgotten.set(path, null);
    if (await removeOwn(place, path)) changes.push({ path, change: 'removed' });
  }
  if (place.dryRun || forgotten.size === 0) return changes;
  for (const path of forgotten.keys()) {
    written.delete(path);
    place.memory?.touched.add(path);
  }
  place.cache.put('output', forgotten);
  return changes;
}

/** Removes a file only while it is what we wrote: somebody else's file under an old name of ours stays. */
async function removeOwn(place: Place, path: string): Promise<boolean> {
  const kept = place.cache.get('output', path);
  if (kept === null) return false;
  const { hash } = JSON.parse(kept) as Kept;
  const file = join(place.folder, path);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null || hashOf(bytes) !== hash) return false;
  if (place.dryRun) return true;
  await unlink(file);
  const folder = dirname(path);
  if (folder !== '.') await rmdir(join(place.folder, folder)).catch(() => undefined);
  return true;
}
