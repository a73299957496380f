/** The first lines of a run: what its config allows, but not as its author may expect. */
import type { Renga } from '../app/renga.ts';
import { renderProblem } from '../domain/problem.ts';
import { type Terminal, tellLine } from './terminal.ts';

export function tellConfigProblems(
  { terminal }: { readonly terminal: Pick<Terminal, 'tell'> },
  { configProblems }: Pick<Renga, 'configProblems'>,
): void {
  for (const problem of configProblems) tellLine(terminal, renderProblem(problem));
}
