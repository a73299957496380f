/**
 * `renga start`: the main job on embedded defaults, to try everything without an account. With the embedded inbox and no subscribers yet it adds
 * three sample ones and sends the first digest; then, and always, it serves. With a real server in `smtp.url` it only serves, and
 * the samples leave.
 */
import { publish } from '../../app/publish.ts';
import { addSamples } from '../../app/subscribers/sample-subscribers.ts';
import { type Context, type OpenRenga } from '../context.ts';
import { count } from '../phrases.ts';
import { renderPublishReport } from '../show-publish.ts';
import { writeLine } from '../terminal.ts';
import { withServer } from './serve.ts';

export async function runStart(context: Context, flags: { readonly port?: number }): Promise<void> {
  await withServer(context, flags.port ?? null, async (open, progress) => {
    if (!open.usesInbox) return;
    await sendFirstDigest(context, open);
    progress.finish();
  });
}

async function sendFirstDigest(context: Context, { renga }: OpenRenga): Promise<void> {
  const isFirst = (await renga.store.digests.all()).length === 0;
  const samples = isFirst ? await addSamples(renga) : 0;
  if (samples > 0)
    writeLine(
      context.terminal,
      `${count(samples, 'sample subscriber')} added; their mail stays in the embedded inbox.`,
    );
  const byHand = isFirst ? (renga.series[0] ?? null) : null;
  const options = { trustStamps: true, allowEmpty: false, byHand, signal: context.stopping };
  const report = await publish(renga, options);
  context.terminal.write(renderPublishReport(renga, report));
}
