/** Carries to a folder of this machine: each file beside its place and then renamed, so that a server there shows the old one or the new one. */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { OperatorError } from '../../domain/operator-error.ts';
import { mapInFlight } from '../map-in-flight.ts';
import type { Carrier } from './carrier.ts';
import { hashFile } from './read-public.ts';

const WORKSHOP = '.renga-carrying';
const IN_FLIGHT = 8;

/** `root` is the publication's folder. Throws OperatorError for a folder that cannot be had, or that is one of ours by another name. */
export async function openFolderCarrier(root: string, folder: string): Promise<Carrier> {
  const source = join(root, 'public');
  await prepareFolder(root, folder);
  const workshop = join(folder, WORKSHOP);
  const putOne = async ([path, hash]: readonly [string, string], index: number): Promise<void> => {
    const place = join(folder, path);
    if ((await hashFile(place).catch(() => null)) === hash) return;
    const beside = join(workshop, String(index));
    await copyWhole(join(source, path), beside);
    // A feed of a later publish may name a page that was not carried yet.
    if ((await hashFile(beside)) !== hash) throw changedMeanwhile();
    await mkdir(dirname(place), { recursive: true });
    await rename(beside, place);
  };
  return {
    has: async (path) => (await stat(join(folder, path)).catch(() => null)) !== null,
    put: async (_, files, signal) => {
      await rm(workshop, { recursive: true, force: true });
      await mkdir(workshop);
      try {
        await mapInFlight([...files], IN_FLIGHT, async (file, index) => {
          signal.throwIfAborted();
          await putOne(file, index);
        });
      } finally {
        await rm(workshop, { recursive: true, force: true });
      }
    },
    remove: async (files) => {
      for (const [path, hash] of files) await removeOwn(folder, path, hash);
    },
  };
}

export function changedMeanwhile(): OperatorError {
  return new OperatorError('public/ changed while it was carried', 'Nothing is lost: it is carried again.');
}

async function prepareFolder(root: string, folder: string): Promise<void> {
  try {
    // Not the folders around it: a disk that is not mounted must not be filled in its place.
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const real = await realpath(folder);
    for (const own of ['public', 'posts', 'config', 'templates', 'var']) {
      const ours = await realpath(join(root, own)).catch(() => null);
      if (ours !== null && isWithin(ours, real)) throw ownFolder(own);
    }
    if (isWithin(real, await realpath(root))) throw ownFolder('.');
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `${folder} cannot be published to: ${error instanceof Error ? error.message : String(error)}`,
      'Make that folder, let this user write to it, or correct publish.to in config/renga.yaml.',
      { cause: error },
    );
  }
}

function ownFolder(name: string): OperatorError {
  return new OperatorError(
    `publish.to leads into the publication's own folder (${name})`,
    'Name a folder outside of it in config/renga.yaml.',
  );
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

/** Synced before the rename: after a power loss the name leads to whole bytes, old or new. */
async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? changedMeanwhile() : error;
  });
  const handle = await open(to, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Only while it is what was carried: somebody else's file under an old name of ours stays. */
async function removeOwn(folder: string, path: string, hash: string): Promise<void> {
  const place = join(folder, path);
  const present = await hashFile(place).catch(() => null);
  if (present === null || (hash !== '' && present !== hash)) return;
  await rm(place);
  for (let above = dirname(path); above !== '.'; above = dirname(above)) {
    // Fails, and ends it, where something else is left.
    if (
      !(await rmdir(join(folder, above)).then(
        () => true,
        () => false,
      ))
    )
      break;
  }
}
