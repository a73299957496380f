/** `renga backup FILE`. */
import { resolve } from 'node:path';
import { type Context, withRenga } from '../context.ts';
import { writeLine } from '../terminal.ts';

export async function runBackup(context: Context, file: string): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    await renga.store.backup(resolve(file));
    writeLine(context.terminal, `The database was copied to ${file}.`);
  });
}
