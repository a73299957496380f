/** Writes files whole: at every moment there is the old file or the new one, never half, whatever dies meanwhile. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './read-file-bytes.ts';

/** Replaces a file, keeping its permissions. `isStillMeant` is asked at the last moment; on false all stays as it was. */
export async function replaceFile(
  file: string,
  bytes: Uint8Array,
  mode: number,
  isStillMeant: () => boolean,
): Promise<boolean> {
  const beside = await writeBeside(file, bytes, mode);
  try {
    if (!isStillMeant()) return false;
    await rename(beside, file);
    return true;
  } finally {
    await rm(beside, { force: true });
  }
}

/** Makes a file and the folders it lies in. False, and nothing changed, when there is one by that name. */
export async function createFile(file: string, bytes: Uint8Array): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  const beside = await writeBeside(file, bytes, 0o644);
  try {
    // A rename would replace what came to be there meanwhile; a link refuses to.
    await link(beside, file);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (!/^(?:EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(code)) throw error;
    return await createWithoutLinks(file, bytes);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Some disks (FAT, network shares) know no links; there it is written in place, and removed if that fails half-way. */
async function createWithoutLinks(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeNew(file, bytes, 0o644);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    await rm(file, { force: true });
    throw error;
  }
}

/** The name is hidden, so that no reader of the folder takes it for a post, and short, however long the file's own is. */
async function writeBeside(file: string, bytes: Uint8Array, mode: number): Promise<string> {
  const beside = join(dirname(file), `.${basename(file).slice(0, 20)}.${randomUUID().slice(0, 8)}.tmp`);
  await writeNew(beside, bytes, mode);
  return beside;
}

async function writeNew(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
