/** The first lines of a run: what its config allows, but not as its author may expect. A hint is told before the first publish, and by `renga check`. */
import type { Renga } from '../app/renga.ts';
import { renderProblem } from '../domain/problem.ts';
import { type Terminal, tellLine } from './terminal.ts';

export async function tellConfigProblems(
  { terminal }: { readonly terminal: Pick<Terminal, 'tell'> },
  { configProblems, series, store }: Pick<Renga, 'configProblems' | 'series' | 'store'>,
): Promise<void> {
  const opened = await Promise.all(series.map(async ({ name }) => await store.series.isOpen(name)));
  const isFirst = !opened.includes(true);
  for (const problem of configProblems)
    if (isFirst || problem.severity !== 'hint') tellLine(terminal, renderProblem(problem));
}
