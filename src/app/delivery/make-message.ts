/** Patches a digest's frozen bytes into the message of one subscriber: the same bytes for the same delivery, at every attempt, for ever. */
import { type Address, domainOf } from '../../domain/address.ts';
import type { Claim } from '../../domain/delivery.ts';
import { type LinkKey, renderLinkToken } from '../../domain/link-token.ts';
import type { Copy, Message } from '../../domain/message.ts';
import type { NamedContent, Sealer } from '../../mail/open-sealer.ts';
import { composeMessageId, renderSlots } from '../../mail/personalise.ts';
import { readSender } from '../../mail/read-sender.ts';
import type { Renga } from '../renga.ts';

export type MadeMessage =
  | { readonly kind: 'made'; readonly message: Message; readonly copy: Copy }
  /** Its bytes would not be those of the copy that may have arrived. */
  | { readonly kind: 'differs' };

type LoadedContent = { readonly content: NamedContent; readonly from: Address };

/** Holds each frozen content it meets, ready to be patched. */
export function openMessageMaker(
  store: Renga['store'],
  sealer: Sealer,
): (claim: Claim) => Promise<MadeMessage> {
  const contents = new Map<string, Promise<LoadedContent>>();
  const keys = store.linkKeys();
  keys.catch(() => undefined);
  return async (claim) => {
    const name = `${claim.digest} ${claim.content}`;
    let loading = contents.get(name);
    if (!loading) contents.set(name, (loading = loadContent(store, claim, name)));
    const { content, from } = await loading;
    const key = findKey(await keys, claim.copy);
    const { address, name: shownName } = claim.copy ?? claim;
    const slots = renderSlots({
      address,
      name: shownName,
      token: renderLinkToken(claim.subscriber, key),
      messageId: composeMessageId({
        instanceId: store.instanceId,
        digest: claim.digest,
        subscriber: claim.subscriber,
        domain: domainOf(from),
      }),
      date: claim.firstClaimedAt,
    });
    const made = await sealer.seal(content, slots, claim.copy === null ? 'first' : claim.copy.seal);
    if (made.kind === 'differs') return made;
    return {
      kind: 'made',
      message: { envelope: { from, to: address }, parts: made.parts },
      copy: claim.copy ?? { address, name: shownName, linkKey: key.id, seal: made.seal },
    };
  };
}

async function loadContent(store: Renga['store'], claim: Claim, name: string): Promise<LoadedContent> {
  const content = await store.digests.content(claim.digest, claim.content);
  if (!content) throw new Error(`Digest ${claim.digest} has deliveries but no content ${claim.content}`);
  return { content: { name, mime: content.mime }, from: readSender(content.mime) };
}

/** The newest, but for a copy that was made before: it keeps the link it had. */
function findKey(keys: readonly LinkKey[], copy: Copy | null): LinkKey {
  const key = copy === null ? keys[0] : keys.find(({ id }) => id === copy.linkKey);
  if (!key) throw new Error('The store lacks a link key it has signed with');
  return key;
}
