/** `renga feeds check`: one line for each feed of `public/`, and below it what is wrong with it. */
import { checkPublishedFeeds } from '../../app/feeds/check-published-feeds.ts';
import { type Context, withRenga } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { renderJson } from '../render-json.ts';
import { writeLine } from '../terminal.ts';

export async function runFeedsCheck(context: Context, flags: { readonly json?: true }): Promise<number> {
  return await withRenga(context, async ({ renga }) => {
    const findings = await checkPublishedFeeds(renga);
    if (flags.json) context.terminal.write(renderJson(findings));
    else {
      for (const { folder, faults } of findings) {
        writeLine(context.terminal, `${faults.length === 0 ? 'right' : 'wrong'}  ${folder}`);
        for (const fault of faults) writeLine(context.terminal, `       ${fault}`);
      }
    }
    return findings.some(({ faults }) => faults.length > 0) ? EXIT.problemsFound : EXIT.done;
  });
}
