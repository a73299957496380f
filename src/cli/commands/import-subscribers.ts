/** `renga subscribers import FILE`: says what it understood and asks, then imports; each bad line is named. */
import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  importList,
  type ImportListener,
  type ImportReport,
  type ImportRequest,
} from '../../app/lists/import-list.ts';
import type { Renga } from '../../app/renga.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { confirm } from '../confirm.ts';
import { type Context, withRenga } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { openReadBar } from '../open-read-bar.ts';
import { renderJson } from '../render-json.ts';
import { describeExamples, describeRead, describeReport, describeUnderstood } from '../show-import.ts';
import { tellLine, writeLine } from '../terminal.ts';
import { parseState, PENDING_HINT } from './subscribers.ts';

export type ImportFlags = {
  readonly confirmed?: true;
  readonly as?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
};

export async function runImportSubscribers(
  context: Context,
  file: string,
  flags: ImportFlags,
): Promise<number> {
  const source = await findFile(file);
  const as = flags.as === undefined ? null : parseState(flags.as);
  return await withRenga(context, async ({ renga, keepsOrigin }) => {
    const run = openRun(context, renga, source, { confirmed: flags.confirmed === true, as, keepsOrigin });
    const mayAsk = !flags.yes || flags.dryRun === true;
    if (mayAsk) {
      const plan = await run(true, true);
      refuseNobody(plan);
      for (const line of describeExamples(plan)) tellLine(context.terminal, line);
      if (flags.dryRun) return tellDryRun(context, plan, flags);
      if (!(await confirm(context, `Import ${describeRead(plan)} (${describeReport(plan)})?`, false)))
        return EXIT.operatorError;
    }
    const report = await run(false, !mayAsk);
    refuseNobody(report);
    if (flags.json) context.terminal.write(renderJson(viewReport(report)));
    else writeLine(context.terminal, describeReport(report));
    if (report.read.pending > 0 && report.became.added > 0) tellLine(context.terminal, PENDING_HINT);
    return exitFor(report);
  });
}

type FoundFile = { readonly path: string; readonly size: number };

async function findFile(file: string): Promise<FoundFile> {
  const path = resolve(file);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === false) return { path, size: found.size };
  throw new OperatorError(
    `There is no file ${file} that can be read.`,
    'Name a CSV file, or one with an address on each line.',
  );
}

/** `isTold`: whether what it understood and each refused line are said; the second time they are known. */
function openRun(
  context: Context,
  renga: Renga,
  { path, size }: FoundFile,
  options: Pick<ImportRequest, 'confirmed' | 'as' | 'keepsOrigin'>,
): (dryRun: boolean, isTold: boolean) => Promise<ImportReport> {
  const file = basename(path);
  return async (dryRun, isTold) => {
    const bar = openReadBar(context.terminal, size);
    let bytes = 0;
    const chunks = () => readPieces(path, (read) => (bytes = read));
    let encoding = '';
    const tell = (line: string): void => {
      bar.clear();
      if (isTold) tellLine(context.terminal, line);
    };
    const listener: ImportListener = {
      understood: (understood) => describeUnderstood(file, encoding, understood).forEach(tell),
      encoding: (found) => {
        if (encoding !== '') tell(`From here on some lines are ${found}, not ${encoding}.`);
        encoding = found;
      },
      refused: (line, text, reason) =>
        tell(`line ${line}: ${JSON.stringify(text.slice(0, 80))} is left out: ${reason}`),
      progress: (lines) => bar.show(bytes, lines),
    };
    const request = { file, chunks, ...options, dryRun };
    const report = await importList(renga, request, listener);
    bar.clear();
    return report;
  };
}

const PIECE_BYTES = 65_536;

/** All into the same memory, for a new piece each would be gigabytes of garbage in a long list. `tell`: bytes so far. */
async function* readPieces(path: string, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  await using file = await open(path);
  const memory = new Uint8Array(PIECE_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(memory, 0, PIECE_BYTES);
    if (bytesRead === 0) return;
    at += bytesRead;
    tell(at);
    yield memory.subarray(0, bytesRead);
  }
}

function tellDryRun(context: Context, plan: ImportReport, flags: ImportFlags): number {
  if (flags.json) context.terminal.write(renderJson(viewReport(plan)));
  else writeLine(context.terminal, `Would import ${describeRead(plan)}: ${describeReport(plan)}.`);
  return exitFor(plan);
}

function viewReport({ read, became, refused }: ImportReport): object {
  return { read, became, refused };
}

function exitFor({ refused }: ImportReport): number {
  return refused > 0 ? EXIT.problemsFound : EXIT.done;
}

function refuseNobody({ read, refused }: ImportReport): void {
  const people = Object.values(read).reduce((sum, number) => sum + number, 0);
  if (people + refused === 0) {
    throw new OperatorError(
      'There is no address in it: nothing was done.',
      'The file is empty, or has a header and nobody below it.',
    );
  }
}
