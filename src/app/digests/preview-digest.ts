/** The next digest before it is sent: to look at, or as one real message to one address. Nothing is frozen and nothing remembered. */
import type { Address } from '../../domain/address.ts';
import { domainOf } from '../../domain/address.ts';
import type { Outcome } from '../../domain/delivery.ts';
import type { FrozenContent } from '../../domain/digest.ts';
import { renderLinkToken } from '../../domain/link-token.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Post } from '../../domain/post.ts';
import type { Series } from '../../domain/publication.ts';
import { composeMessageId, renderSlots } from '../../mail/personalise.ts';
import { findCorrections } from './find-corrections.ts';
import { leaveBacklog } from './leave-backlog.ts';
import { draftNext } from './freeze-digest.ts';
import { gatherPosts } from '../identity/gather-posts.ts';
import { loadEntry, type PreparedEntry, prepareEntries } from '../entries/prepare-entries.ts';
import { renderContents } from './render-contents.ts';
import type { Renga } from '../renga.ts';

/** Never a subscriber's: a test message's link leads to the page, and ends nothing. */
const NOBODY = 0;

export type DigestPreview = {
  readonly content: FrozenContent;
  /** The newest post, where there is no new one and it stands in, so that the look can always be tried; null for what goes out next. */
  readonly standIn: Post | null;
};

/** What would go out next, or a sample of it. Throws OperatorError without any published post, or for a broken template. */
export async function previewDigest(renga: Renga, series: Series): Promise<DigestPreview> {
  const gathered = await gatherPosts(renga, { trustStamps: true, allowEmpty: true });
  const { entries } = await prepareEntries(renga, gathered.published, gathered);
  const fresh = await listFresh(renga, series, entries);
  const shown = fresh.length > 0 ? fresh : entries.slice(0, 1);
  if (shown.length === 0) {
    throw new OperatorError('There is no published post to show.', 'Start one with: renga new "a / b / c"');
  }
  const loaded = await Promise.all(shown.toReversed().map(loadEntry));
  const number = await renga.store.digests.nextNumber();
  const chosen = new Set(shown.map(({ post }) => post.id));
  const { told } = await findCorrections(renga, series.name, entries, chosen);
  const [content] = await renderContents(renga, series, number, loaded, { corrections: told });
  if (!content) throw new Error('A digest has at least one content');
  return { content, standIn: fresh.length > 0 ? null : (shown[0]?.post ?? null) };
}

/** A series that was never run yet leaves its backlog out. */
async function listFresh(
  renga: Renga,
  series: Series,
  entries: readonly PreparedEntry[],
): Promise<readonly PreparedEntry[]> {
  const { posts } = await draftNext(renga, series, await leaveBacklog(renga, series, entries));
  const chosen = new Set(posts.map((post) => post.id));
  return entries.filter((entry) => chosen.has(entry.post.id));
}

/** Sends that preview as one message with all its headers. Its outcome is for the person who asked; the ledger does not know of it. */
export async function sendTestMessage(renga: Renga, series: Series, address: Address): Promise<Outcome> {
  const { content } = await previewDigest(renga, series);
  const parts = await composeTestMessage(renga, content, address);
  const transport = await renga.openTransport();
  try {
    const result = await transport.connect();
    if (result.kind !== 'connected') return { kind: 'deferred', reply: result.reply };
    const { connection } = result;
    const envelope = { from: renga.publication.from.address, to: address };
    const outcome = await connection.handOver({ envelope, parts }, async () => await Promise.resolve(true));
    await connection.close();
    return outcome;
  } finally {
    await transport.close();
  }
}

/** A content as the message of one address, signed where there is a key, for a test or for looking at (`digests show --eml`). */
export async function composeTestMessage(
  renga: Pick<Renga, 'store' | 'publication' | 'clock' | 'openSealer'>,
  content: FrozenContent,
  address: Address,
): Promise<readonly Uint8Array[]> {
  const subscriber = await renga.store.subscribers.find(address);
  const [key] = await renga.store.linkKeys();
  if (!key) throw new Error('The store has no link key');
  const date = renga.clock();
  const slots = renderSlots({
    address,
    name: subscriber?.name ?? '',
    token: renderLinkToken(subscriber?.id ?? NOBODY, key),
    messageId: composeMessageId({
      instanceId: `${renga.store.instanceId}-test-${date.epochMilliseconds}`,
      digest: 0,
      subscriber: subscriber?.id ?? NOBODY,
      domain: domainOf(renga.publication.from.address),
    }),
    date,
  });
  const sealer = await renga.openSealer();
  try {
    const copy = await sealer.seal({ name: 'test', mime: content.mime }, slots, 'first');
    if (copy.kind === 'differs') throw new Error('A first copy differs from none');
    return copy.parts;
  } finally {
    await sealer.close();
  }
}
