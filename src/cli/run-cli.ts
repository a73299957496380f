/**
 * Runs one command line and answers with its exit code: 0 done, 1 problems were found in what was checked, 2 a person has something to put right,
 * 10 a plan with changes, 70 a bug. Prints an OperatorError as one line and its hint; a bug with its stack.
 */
import { CommanderError } from 'commander';
import { OperatorError } from '../domain/operator-error.ts';
import type { CommandLine } from './command-line.ts';
import { EXIT } from './exit-code.ts';
import { buildProgram } from './program.ts';
import { type Terminal, tellLine } from './terminal.ts';

export async function runCli(line: CommandLine): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = buildProgram(line, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(line.arguments, { from: 'user' });
    return exitCode;
  } catch (error) {
    return tellError(line.terminal, error);
  }
}

function tellError(terminal: Terminal, error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message; asking for help or the version is no mistake.
    return error.exitCode === 0 ? EXIT.done : EXIT.operatorError;
  }
  if (error instanceof OperatorError) {
    tellLine(terminal, `renga: ${error.message}\n  ${error.hint}`);
    return EXIT.operatorError;
  }
  tellLine(
    terminal,
    `renga: this is a bug, please report it\n${error instanceof Error ? error.stack : String(error)}`,
  );
  return EXIT.bug;
}
