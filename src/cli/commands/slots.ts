/** `renga slots`, `slots run NAME` and `slots skip NAME`. */
import { runMissedSlot, skipSlot } from '../../app/digests/decide-slot.ts';
import { deliver } from '../../app/delivery/deliver.ts';
import { publishFeedsAndPages } from '../../app/publish.ts';
import { type Context, withRenga } from '../context.ts';
import { openProgress } from '../progress.ts';
import { renderJson } from '../render-json.ts';
import { writeLine } from '../terminal.ts';

export async function runSlots(context: Context, flags: { readonly json?: true }): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const slots = await renga.store.series.slots();
    if (flags.json) return context.terminal.write(renderJson(slots));
    if (slots.length === 0) writeLine(context.terminal, 'No slot has come due yet.');
    for (const { name, state, digest } of slots) {
      writeLine(
        context.terminal,
        `${state.padEnd(8)}  ${name}${digest === null ? '' : `  digest ${digest}`}`,
      );
    }
  });
}

export async function runSlotsRun(context: Context, name: string): Promise<void> {
  const progress = await openProgress(context.terminal, {});
  await withRenga(
    context,
    async ({ renga }) => {
      const { site } = await publishFeedsAndPages(renga, { trustStamps: true, allowEmpty: false });
      const { result } = await runMissedSlot(renga, name, site.prepared);
      await deliver(renga, context.stopping);
      progress.finish();
      writeLine(
        context.terminal,
        result.kind === 'nothing-to-send'
          ? `No digest: ${result.reason}.`
          : `Digest ${result.number} for ${name}.`,
      );
    },
    progress.report,
  );
}

export async function runSlotsSkip(context: Context, name: string): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    await skipSlot(renga, name);
    writeLine(context.terminal, `${name}: skipped.`);
  });
}
