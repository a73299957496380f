/** `renga init DIR`: asks a few things on a terminal, and nothing without one. */
import { basename, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { writeLine } from '../terminal.ts';

const QUESTIONS = [
  ['title', 'Title of the publication'],
  ['author', 'Your name'],
  ['url', 'Its web address (https://…)'],
  ['from', 'Address that digests come from'],
  ['zone', 'Time zone (Europe/Berlin)'],
] as const;

export async function runInit(context: Context, directory: string): Promise<void> {
  const target = resolve(context.root, directory);
  const answers: Record<string, string> = {};
  for (const [key, question] of QUESTIONS) {
    if (!context.terminal.isInteractive) break;
    const answer = (await context.terminal.ask(`${question} (Enter for a default): `))?.trim();
    if (answer) answers[key] = answer;
  }
  const files = await context.wiring.initPublication(target, answers);
  for (const file of files) writeLine(context.terminal, `  ${file}`);
  const next = `${context.wiring.invocation} -C ${quoteWord(directory)} start`;
  writeLine(context.terminal, `${basename(target)} is a publication. Next: ${next}`);
}

/** So that the line can be pasted into a shell. */
function quoteWord(word: string): string {
  return /^[\w./:@~+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
