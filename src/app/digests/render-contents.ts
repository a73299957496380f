/** Makes what a digest is frozen with: its documents and the compiled message, all of it before the ledger is touched. */
import { createHash } from 'node:crypto';
import type { ToldCorrection } from '../../domain/correction.ts';
import type { FrozenContent } from '../../domain/digest.ts';
import { domainOf } from '../../domain/address.ts';
import type { Entry } from '../../domain/entry.ts';
import { type MessageHead, SLOTS } from '../../domain/message.ts';
import type { Publication, Series } from '../../domain/publication.ts';
import { archiveUrlOf, digestUrlOf } from '../site/digest-outputs.ts';
import { requireKnownAddress } from '../site/known-address.ts';
import type { Renga } from '../renga.ts';

type Renderer = Pick<Renga, 'publication' | 'settings' | 'digestRenderer' | 'store'>;

/** The paths that personal links stand under; the token follows. */
export const UNSUBSCRIBE_PATH = 'unsubscribe/';
const PREFERENCES_PATH = 'preferences/';

/**
 * The whole digest first, then one content for each of the `groups` (ids of posts) that gets less of it. `entries`: oldest first. Throws OperatorError
 * for a broken template: nothing has been frozen then.
 */
export async function renderContents(
  renga: Renderer,
  series: Series,
  number: number,
  entries: readonly Entry[],
  parts: {
    readonly groups?: readonly (readonly string[])[];
    readonly corrections?: readonly ToldCorrection[];
  } = {},
): Promise<readonly FrozenContent[]> {
  requireKnownAddress(renga.publication);
  const { groups = [], corrections = [] } = parts;
  const digest = { series, number, corrections };
  const contents = [await renderContent(renga, digest, 'all', entries)];
  for (const ids of groups) {
    const part = entries.filter(({ post }) => ids.includes(post.id));
    if (part.length === entries.length) continue;
    contents.push(await renderContent(renga, digest, composeKey(ids), part));
  }
  return contents;
}

/** Named for its posts, so that it is the same whoever is in the group. */
function composeKey(ids: readonly string[]): string {
  return `part-${createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 12)}`;
}

type Numbered = {
  readonly series: Series;
  readonly number: number;
  readonly corrections: readonly ToldCorrection[];
};

async function renderContent(
  renga: Renderer,
  { series, number, corrections }: Numbered,
  key: string,
  entries: readonly Entry[],
): Promise<FrozenContent> {
  const { publication } = renga;
  const unsubscribeBase = new URL(UNSUBSCRIBE_PATH, publication.serverUrl).href;
  const rendered = await renga.digestRenderer.render({
    publication,
    series,
    number,
    entries,
    corrections,
    unsubscribeUrl: unsubscribeBase + SLOTS.token,
    preferencesUrl: new URL(PREFERENCES_PATH, publication.serverUrl).href + SLOTS.token,
    archiveUrl: digestUrlOf(renga, number),
  });
  const seed =
    key === 'all' ? `${renga.store.instanceId} ${number}` : `${renga.store.instanceId} ${number} ${key}`;
  const head = composeHead(publication, series, number, rendered.subject, seed, archiveUrlOf(renga));
  // Loaded when there is a digest: most runs have none.
  const { compileMessage } = await import('../../mail/compile-message.ts');
  const mime = await compileMessage(head, rendered);
  return { ...rendered, key, posts: entries.map(({ post }) => post.id), mime };
}

function composeHead(
  publication: Publication,
  series: Series,
  number: number,
  subject: string,
  seed: string,
  archiveUrl: string,
): MessageHead {
  const sender = publication.from.address;
  return {
    from: publication.from,
    replyTo: publication.replyTo,
    subject,
    // RFC 2919 §2: stable for ever and under a domain of ours; a series is never renamed by a new title.
    listId: { title: publication.title, identifier: `${series.name}.${domainOf(sender)}` },
    unsubscribeUrl: new URL(UNSUBSCRIBE_PATH, publication.serverUrl).href,
    preferencesUrl: new URL(PREFERENCES_PATH, publication.serverUrl).href,
    unsubscribeAddress: sender,
    archiveUrl,
    helpUrl: new URL('feeds/', publication.url).href,
    ownerAddress: publication.replyTo?.address ?? sender,
    feedbackId: `${number}:${series.name}:renga:${domainOf(sender)}`,
    language: publication.language,
    boundarySeed: createHash('sha256').update(seed).digest('hex').slice(0, 24),
  };
}
