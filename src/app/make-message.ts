/** Patches a digest's frozen bytes into the message of one subscriber: the same bytes for the same delivery, at every attempt, for ever. */
import { domainOf } from '../domain/address.ts';
import type { Claim } from '../domain/delivery.ts';
import { renderLinkToken } from '../domain/link-token.ts';
import type { Message } from '../domain/message.ts';
import { composeMessageId, personalise } from '../mail/personalise.ts';
import { readSender } from '../mail/read-sender.ts';
import type { Renga } from './renga.ts';

/** Holds each frozen content it meets, ready to be patched. */
export function openMessageMaker(renga: Pick<Renga, 'store'>): (claim: Claim) => Promise<Message> {
  const { store } = renga;
  const contents = new Map<string, Promise<Uint8Array>>();
  const loadMime = async (digest: number, key: string): Promise<Uint8Array> => {
    const content = await store.digests.content(digest, key);
    if (!content) throw new Error(`Digest ${digest} has deliveries but no content ${key}`);
    return content.mime;
  };
  const keys = store.linkKeys();
  keys.catch(() => undefined);
  return async (claim) => {
    const name = `${claim.digest} ${claim.content}`;
    let mime = contents.get(name);
    if (!mime) contents.set(name, (mime = loadMime(claim.digest, claim.content)));
    // The oldest key, not the newest: a copy made after a rotation must have the bytes of the first.
    const key = (await keys).at(-1);
    if (!key) throw new Error('The store has no link key');
    const frozen = await mime;
    const from = readSender(frozen);
    const bytes = personalise(frozen, {
      address: claim.address,
      name: claim.name,
      token: renderLinkToken(claim.subscriber, key),
      messageId: composeMessageId({
        instanceId: store.instanceId,
        digest: claim.digest,
        subscriber: claim.subscriber,
        domain: domainOf(from),
      }),
      date: claim.firstClaimedAt,
    });
    return { envelope: { from, to: claim.address }, bytes };
  };
}
