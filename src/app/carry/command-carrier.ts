/** Carries by a command: pages first, then feeds out of a folder of their own, whose bytes are those that belong to the pages. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommandRun, RunCommand } from '../../domain/command-run.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Target } from '../../domain/target.ts';
import type { Carrier } from './carrier.ts';
import { changedMeanwhile } from './folder-carrier.ts';
import { hashFile, type PublicFiles } from './read-public.ts';

export function openCommandCarrier(
  root: string,
  target: Extract<Target, { kind: 'command' }>,
  runCommand: RunCommand,
): Carrier {
  const run = async (order: CommandRun, signal: AbortSignal): Promise<void> => {
    const result = await runCommand(order, signal);
    if (result.kind === 'done') return;
    throw new OperatorError(
      `a command of publish.to failed (${order.stage}): ${result.reason}`,
      'What it carried stays; it is run again with the next publish.',
    );
  };
  return {
    // Only the command knows, and asking would cost as much as carrying.
    has: async () => await Promise.resolve(true),
    put: async (stage, files, signal) => {
      const paths = [...files.keys()];
      const order = { command: target.command, stage, files: paths };
      if (stage === 'pages') return await run({ ...order, folder: join(root, 'public') }, signal);
      await withCopies(root, files, async (folder) => await run({ ...order, folder }, signal));
    },
    remove: async (files, signal) => {
      const order = { command: target.remove, stage: 'removed', files: [...files.keys()] } as const;
      await run({ ...order, folder: join(root, 'public') }, signal);
    },
  };
}

async function withCopies(
  root: string,
  files: PublicFiles,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(root, 'var', 'carrying');
  await rm(folder, { recursive: true, force: true });
  try {
    for (const [path, hash] of files) {
      const copy = join(folder, path);
      await mkdir(dirname(copy), { recursive: true });
      await copyFile(join(root, 'public', path), copy).catch(() => {
        throw changedMeanwhile();
      });
      // A feed of a later publish may name a page that was not carried yet.
      if ((await hashFile(copy)) !== hash) throw changedMeanwhile();
    }
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
