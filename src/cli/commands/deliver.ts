/** `renga deliver`: delivers only; needs no posts. */
import { deliver, type DeliverReport } from '../../app/delivery/deliver.ts';
import { handOutOnce } from '../../app/notices/keep-notices.ts';
import { dismissSamples } from '../../app/subscribers/sample-subscribers.ts';
import { type Context, withRenga } from '../context.ts';
import { openProgress } from '../progress.ts';
import { renderJson } from '../render-json.ts';
import { writeLine } from '../terminal.ts';

export async function runDeliver(context: Context, flags: { readonly json?: true }): Promise<void> {
  const progress = await openProgress(context.terminal, { json: flags.json === true });
  await withRenga(
    context,
    async ({ renga, usesInbox }) => {
      if (!usesInbox) await dismissSamples(renga);
      await handOutOnce(renga, context.stopping);
      const report = await deliver(renga, context.stopping);
      progress.finish();
      if (flags.json) context.terminal.write(renderJson(report));
      else writeLine(context.terminal, renderReport(report));
    },
    progress.report,
  );
}

function renderReport({ settled, nextDue, pausedBecause }: DeliverReport): string {
  const said = Object.entries(settled).filter(([, number]) => number > 0);
  const done =
    said.length === 0
      ? 'Nothing was due.'
      : `${said.map(([kind, number]) => `${number} ${kind}`).join(', ')}.`;
  const next =
    nextDue === null
      ? 'No delivery is open.'
      : `The next is due at ${nextDue.toString({ smallestUnit: 'second' })}.`;
  return pausedBecause === null ? `${done} ${next}` : `${done} ${next}\nPaused: ${pausedBecause}`;
}
