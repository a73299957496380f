/** What the definitions of all commands share. */
import type { Context } from './context.ts';

/** What a command's definition needs: the context once the line is parsed, and where its exit code goes. */
export type Definition = {
  readonly context: () => Context;
  readonly exit: (code: number) => void;
};

/** The examples under a command's help. */
export function example(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
