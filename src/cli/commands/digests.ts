/** `renga digests` and `digests show N`. */
import { composeTestMessage } from '../../app/digests/preview-digest.ts';
import type { Renga } from '../../app/renga.ts';
import { parseAddress } from '../../domain/address.ts';
import type { FrozenContent } from '../../domain/digest.ts';
import { SLOTS } from '../../domain/message.ts';
import { type Context, withRenga } from '../context.ts';
import { count, renderCounts } from '../phrases.ts';
import { renderJson } from '../render-json.ts';
import { writeLine } from '../terminal.ts';
import { findDigestNumber } from './deliveries.ts';

export async function runDigests(context: Context, flags: { readonly json?: true }): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const archive = await renga.store.digests.all();
    const digests = await Promise.all(
      archive.map(async ({ number, series, slot, subject, frozenAt, posts }) => {
        const deliveries = await renga.store.ledger.counts(number);
        return { number, series, slot, subject, frozenAt, posts, deliveries };
      }),
    );
    if (flags.json) return context.terminal.write(renderJson(digests));
    if (digests.length === 0) writeLine(context.terminal, 'No digest was frozen yet.');
    for (const { number, slot, subject, posts, deliveries } of digests) {
      writeLine(
        context.terminal,
        `${number}  ${slot}  “${subject}”  ${count(posts.length, 'post')}  ${renderCounts(deliveries)}`,
      );
    }
  });
}

export type ShowFlags = { readonly html?: true; readonly text?: true; readonly eml?: true };

export async function runDigestsShow(context: Context, number: string, flags: ShowFlags): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const digest = await findDigestNumber(renga, number);
    if (digest === null) return;
    const [key = 'all'] = await renga.store.digests.contentKeys(digest);
    const content = await renga.store.digests.content(digest, key);
    if (content) context.terminal.write(await renderContent(renga, content, flags));
  });
}

/** Without anyone's token: what is shown here may be passed on. */
export async function renderContent(
  renga: Pick<Renga, 'store' | 'publication' | 'clock' | 'openSealer'>,
  content: FrozenContent,
  flags: ShowFlags,
): Promise<string> {
  if (flags.eml) {
    const nobody = parseAddress('subscriber@example.org');
    if (nobody.kind !== 'address') throw new Error('RFC 2606 has given us this name');
    return Buffer.concat(await composeTestMessage(renga, content, nobody.address)).toString();
  }
  return (flags.html ? content.html : content.text).replaceAll(SLOTS.token, 'TOKEN');
}
