/** Asks before what cannot be taken back. */
import { OperatorError } from '../domain/operator-error.ts';
import type { Context } from './context.ts';
import { tellLine } from './terminal.ts';

/** `isSaid`: with `--yes`. Throws OperatorError when there is nobody to answer. */
export async function confirm(
  { terminal }: Pick<Context, 'terminal'>,
  question: string,
  isSaid: boolean,
): Promise<boolean> {
  if (isSaid) return true;
  const answer = await terminal.ask(`${question} [y/N] `);
  if (answer === null) throw new OperatorError(`${question} There is nobody to answer.`, 'Say --yes.');
  const isMeant = /^y(?:es)?$/i.test(answer.trim());
  if (!isMeant) tellLine(terminal, 'Nothing was changed.');
  return isMeant;
}
