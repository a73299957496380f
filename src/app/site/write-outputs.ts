/**
 * Brings `public/` to what the outputs say: only what changed is rendered and written, each file beside and then renamed, so that a reader
 * or a crash meets the old file or the new one, never half of one. Removes what an earlier run wrote and nobody makes
 * any more, and never a file that it did not write.
 */
import { mkdir, readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Cache } from '../../domain/cache.ts';
import type { Output } from '../../domain/output.ts';
import { giveWay } from '../give-way.ts';
import { mapInFlight } from '../map-in-flight.ts';
import { openInstaller, type Installer } from './open-installer.ts';
import { OutputMemory, recallHash } from './output-memory.ts';
import { isAsWritten } from './output-stamp.ts';
import { hashOf, WORKSHOP_FOLDER } from './install-file.ts';

export type OutputChange = {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'unchanged' | 'removed';
};

type Place = {
  readonly folder: string;
  readonly cache: Cache;
  readonly dryRun: boolean;
  /** Of the last time that this program wrote this folder. */
  readonly memory?: OutputMemory | undefined;
};

/** Enough to keep every thread that renders them busy. */
const FILES_IN_FLIGHT = availableParallelism() * 12;

/**
 * Writes outputs in their order of appearance in groups: the caller puts feeds last, so that no feed names a page that is not there.
 * With `dryRun` nothing is written and the changes are what would be.
 */
export async function writeOutputs(
  place: Place,
  groups: readonly (readonly Output[])[],
): Promise<readonly OutputChange[]> {
  const memory = place.memory ?? new OutputMemory();
  await memory.hearDoubts();
  const looks = memory.begin(place.cache, groups);
  const workshop = join(place.folder, WORKSHOP_FOLDER);
  if (!place.dryRun) {
    await rm(workshop, { recursive: true, force: true });
    await mkdir(workshop, { recursive: true });
  }
  const writing: Writing = { ...place, memory };
  const changes: OutputChange[] = [];
  for (const [index, group] of groups.entries()) {
    await writeGroup(writing, group, looks[index] ?? group, changes);
  }
  changes.push(...(await removeRest(writing)));
  if (!place.dryRun) await rm(workshop, { recursive: true, force: true });
  return changes;
}

type Writing = Place & { readonly memory: OutputMemory };

/** Adds to `changes` what became of each output, in their order. */
async function writeGroup(
  writing: Writing,
  outputs: readonly Output[],
  look: readonly Output[],
  changes: OutputChange[],
): Promise<void> {
  const open = await findOpen(writing, look);
  const installer = openInstaller({ folder: writing.folder, dryRun: writing.dryRun }, open.length);
  const write = async (output: Output): Promise<OutputChange['change']> =>
    await writeOutput(writing, output, installer);
  let written: readonly OutputChange['change'][];
  try {
    written = await mapInFlight(open, FILES_IN_FLIGHT, write);
  } finally {
    await installer.close();
    // What was written before one failed need not be made again.
    writing.memory.keep(writing.cache);
  }
  let next = 0;
  for (const output of outputs) {
    const change = output === open[next] ? written[next++] : 'unchanged';
    changes.push({ path: output.path, change: change ?? 'unchanged' });
  }
}

/** Outputs that are looked at between two turns that others have. */
const BETWEEN_TURNS = 200;

/** The outputs whose files are not as they should be, or not known to be. Most runs find few. */
async function findOpen({ folder, memory }: Writing, outputs: readonly Output[]): Promise<readonly Output[]> {
  const open: Output[] = [];
  let looked = 0;
  for (const output of outputs) {
    const known = memory.want(output);
    if (known && memory.isDone(output, known)) continue;
    const seen = memory.isThere(output.path);
    // Synchronous: ten thousand of them take a tenth of the time.
    const isThere =
      known !== null &&
      known.file.fingerprint === output.fingerprint &&
      (seen ?? isAsWritten(`${folder}/${output.path}`, known.file));
    if (isThere) known.isRefused = false;
    else open.push(output);
    if (seen !== null) continue;
    looked += 1;
    if (looked % BETWEEN_TURNS === 0) await giveWay();
  }
  return open;
}

async function writeOutput(
  { cache, memory }: Writing,
  output: Output,
  installer: Installer,
): Promise<OutputChange['change']> {
  const { path, fingerprint } = output;
  const content = await output.render();
  if (content === null) {
    memory.refuse(path);
    return 'unchanged';
  }
  const { change, hash, stamp } = await installer.install({ path, content });
  if (stamp) memory.note(cache, path, { ...stamp, fingerprint }, hash);
  return change;
}

async function removeRest({ memory, ...place }: Writing): Promise<readonly OutputChange[]> {
  const changes: OutputChange[] = [];
  const unwanted = memory.unwanted();
  for (const path of unwanted) {
    if (await removeOwn(place, path)) changes.push({ path, change: 'removed' });
  }
  if (place.dryRun || unwanted.length === 0) return changes;
  memory.forget(unwanted);
  memory.keep(place.cache);
  return changes;
}

/** Removes a file only while it is what we wrote: somebody else's file under an old name of ours stays. */
async function removeOwn({ folder, cache, dryRun }: Place, path: string): Promise<boolean> {
  const file = join(folder, path);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null || hashOf(bytes) !== recallHash(cache, path)) return false;
  if (dryRun) return true;
  await unlink(file);
  const within = dirname(path);
  if (within !== '.') await rmdir(join(folder, within)).catch(() => undefined);
  return true;
}
