/**
 * `renga start`: the main job on embedded defaults, to try everything without an account. With the embedded inbox and no subscribers yet it adds
 * three sample ones and sends the first digest; then, and always, it serves. With a real server in `smtp.url` it only serves.
 */
import type { Renga } from '../../app/renga.ts';
import { publish } from '../../app/publish.ts';
import { addSubscriber } from '../../app/subscribers/add-subscribers.ts';
import { type Context, type OpenRenga } from '../context.ts';
import { count } from '../phrases.ts';
import { renderPublishReport } from '../show-publish.ts';
import { writeLine } from '../terminal.ts';
import { withServer } from './serve.ts';

/** RFC 2606 names: nobody is there, and the embedded inbox sends nothing anywhere. */
const SAMPLE_SUBSCRIBERS = ['Bashō <basho@example.org>', 'Chiyo <chiyo@example.net>', 'issa@example.com'];

export async function runStart(context: Context, flags: { readonly port?: number }): Promise<void> {
  await withServer(context, flags.port ?? null, async (open, progress) => {
    if (!open.usesInbox) return;
    await sendFirstDigest(context, open);
    progress.finish();
  });
}

async function sendFirstDigest(context: Context, { renga }: OpenRenga): Promise<void> {
  const isFirst = (await renga.store.digests.all()).length === 0;
  if (isFirst) await addSamples(context, renga);
  const byHand = isFirst ? (renga.series[0] ?? null) : null;
  const options = { trustStamps: true, allowEmpty: false, byHand, signal: context.stopping };
  const report = await publish(renga, options);
  context.terminal.write(renderPublishReport(renga, report));
}

async function addSamples(context: Context, renga: Renga): Promise<void> {
  const counts = await renga.store.subscribers.counts();
  if (counts.active + counts.pending + counts.unsubscribed + counts.suppressed > 0) return;
  for (const sample of SAMPLE_SUBSCRIBERS) await addSubscriber(renga, sample, true);
  writeLine(
    context.terminal,
    `${count(SAMPLE_SUBSCRIBERS.length, 'sample subscriber')} added; their mail stays in the embedded inbox.`,
  );
}
