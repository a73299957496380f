/** `renga subscribers import FILE`: says what it understood and asks, then adds; each bad line is named. */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { importSubscribers, type ImportReport } from '../../app/add-subscribers.ts';
import { readAddressList } from '../../app/read-address-list.ts';
import type { Renga } from '../../app/renga.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { type Context, withRenga } from '../context.ts';
import { count } from '../phrases.ts';
import { EXIT } from '../exit-code.ts';
import { tellLine, writeLine } from '../terminal.ts';
import { PENDING_HINT } from './subscribers.ts';

export type ImportFlags = { readonly confirmed?: true; readonly yes?: true; readonly dryRun?: true };

export async function runImportSubscribers(
  context: Context,
  file: string,
  flags: ImportFlags,
): Promise<number> {
  const path = resolve(file);
  await access(path).catch(() => {
    throw new OperatorError(
      `There is no file ${file} that can be read.`,
      'Name a CSV file, or one with an address on each line.',
    );
  });
  return await withRenga(context, async ({ renga }) => {
    const plan = await readFile(renga, path, flags, true);
    tellRefused(context, plan);
    const what = `${count(plan.added, 'address', 'addresses')} as ${flags.confirmed ? 'active' : 'pending'}`;
    if (flags.dryRun) {
      writeLine(context.terminal, `Would add ${what} (fewer where they are there already).`);
    } else {
      await confirmImport(context, flags, what);
      const report = await readFile(renga, path, flags, false);
      writeLine(
        context.terminal,
        `${report.added} added, ${report.confirmed} confirmed, ${report.kept} there already, ${report.refused.length} refused`,
      );
      if (!flags.confirmed && report.added > 0) tellLine(context.terminal, PENDING_HINT);
    }
    return plan.refused.length > 0 ? EXIT.problemsFound : EXIT.done;
  });
}

async function readFile(
  renga: Renga,
  path: string,
  flags: ImportFlags,
  dryRun: boolean,
): Promise<ImportReport> {
  const lines = readAddressList(createReadStream(path, 'utf8'));
  const source = `import ${basename(path)}`;
  return await importSubscribers(renga, lines, { confirmed: flags.confirmed === true, source, dryRun });
}

function tellRefused(context: Context, report: ImportReport): void {
  for (const { line, text, reason } of report.refused) {
    tellLine(context.terminal, `line ${line}: ${JSON.stringify(text.slice(0, 80))} is left out: ${reason}`);
  }
}

async function confirmImport(context: Context, flags: ImportFlags, what: string): Promise<void> {
  if (flags.yes) return;
  const answer = await context.terminal.ask(`Add ${what}? [y/N] `);
  if (answer !== null && /^y(?:es)?$/i.test(answer.trim())) return;
  throw new OperatorError(
    'Nothing was added.',
    answer === null ? 'There is nobody to answer: say --yes.' : 'Answer y to add them.',
  );
}
