/** `renga check`: everything that can be wrong before it is. Config mistakes end the command by themselves; the rest is one line each. */
import { checkAll, type CheckResult } from '../../app/check-all.ts';
import { type Context, withRenga } from '../context.ts';
import { renderJson } from '../render-json.ts';
import { EXIT } from '../exit-code.ts';
import { writeLine } from '../terminal.ts';

export async function runCheck(context: Context, flags: { readonly json?: true }): Promise<number> {
  return await withRenga(context, async ({ renga }) => {
    const results = await checkAll(renga);
    if (flags.json) context.terminal.write(renderJson(results));
    else for (const result of results) writeLine(context.terminal, renderResult(result));
    return results.some(({ verdict }) => verdict === 'wrong') ? EXIT.problemsFound : EXIT.done;
  });
}

function renderResult({ subject, verdict, detail }: CheckResult): string {
  return `${verdict.padEnd(7)}  ${subject}${detail === '' ? '' : `: ${detail}`}`;
}
