/** `renga backup FILE`. */
import { resolve } from 'node:path';
import { noteBackup } from '../../app/delivery/keep-journal.ts';
import type { Renga } from '../../app/renga.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { type Context, withRenga } from '../context.ts';
import { tellLine, writeLine } from '../terminal.ts';

export async function runBackup(context: Context, file: string): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    await renga.store.backup(resolve(file));
    writeLine(context.terminal, `The database was copied to ${file}.`);
    await noteCopy(context, renga);
  });
}

/** The copy is good either way: the next run of sending says the same to the journal. */
async function noteCopy(context: Context, renga: Renga): Promise<void> {
  try {
    await noteBackup(renga);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    tellLine(context.terminal, `${error.message}\n  ${error.hint}`);
  }
}
