/**
 * Keeps received messages as files, each whole or not at all: `00000042.eml` has the bytes as they came, `00000042.json` the envelope. Numbers
 * rise in the order of arrival, also where several programs keep mail in one folder.
 */
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export type MailEnvelope = { readonly from: string; readonly to: readonly string[] };

export type MailKeeper = {
  /**
   * Writes the message beside its final name, makes it durable and moves it there. `isRefused` is asked when all bytes are in; a refused
   * message, and one that could not be written (then it throws), leaves nothing behind.
   */
  keep(envelope: MailEnvelope, content: Readable, isRefused: () => boolean): Promise<'kept' | 'refused'>;
};

/** A keeper of mail in a folder that is there. */
export function openMailKeeper(folder: string): MailKeeper {
  let highest: number | null = null;
  const takeNumber = async (envelope: MailEnvelope): Promise<string> => {
    highest ??= await findHighestNumber(folder);
    for (;;) {
      highest += 1;
      const name = String(highest).padStart(8, '0');
      if (await writeNew(join(folder, `${name}.json`), `${JSON.stringify(envelope)}\n`)) return name;
    }
  };
  return {
    keep: async (envelope, content, isRefused) => {
      const name = await takeNumber(envelope);
      const part = join(folder, `.${name}.part`);
      let isKept = false;
      try {
        await writeDurably(part, content);
        if (isRefused()) return 'refused';
        await rename(part, join(folder, `${name}.eml`));
        isKept = true;
        await syncFolder(folder);
        return 'kept';
      } finally {
        if (!isKept) await discard(folder, name);
      }
    },
  };
}

async function findHighestNumber(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((file) =>
    Number(/^(\d{8,15})\.(?:eml|json)$/.exec(file)?.[1] ?? 0),
  );
  return numbers.reduce((highest, number) => Math.max(highest, number), 0);
}

/** False when the file is there already: its number is somebody else's. */
async function writeNew(path: string, text: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await file.writeFile(text);
    return true;
  } finally {
    await file.close();
  }
}

/** The stream is left as it is when writing fails: it is the server's to end. */
async function writeDurably(path: string, content: Readable): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for await (const chunk of content.iterator({ destroyOnReturn: false }))
      await file.appendFile(chunk as Uint8Array);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A renamed file is sure to be found under its new name only when its folder is on disk too. Windows needs and allows no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function discard(folder: string, name: string): Promise<void> {
  await rm(join(folder, `.${name}.part`), { force: true, recursive: true });
  await rm(join(folder, `${name}.json`), { force: true });
}
