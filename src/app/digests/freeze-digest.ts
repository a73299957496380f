/** From a slot to a frozen digest: draft, render, compile, and one transaction that fixes it all; or a reason why there is none. */
import type { Audience } from '../../domain/audience.ts';
import { type Draft, draftDigest } from '../../domain/digest.ts';
import type { Post } from '../../domain/post.ts';
import type { Series } from '../../domain/publication.ts';
import { isSlotOfPost, nameSlotOfPost, type Slot } from '../../domain/slot.ts';
import { type Archivist, writeDigestList, writeDigestPage } from '../site/digest-outputs.ts';
import { findCorrections } from './find-corrections.ts';
import { findRefusal, noteDigests } from '../delivery/keep-journal.ts';
import { loadEntry, type PreparedEntry } from '../entries/prepare-entries.ts';
import { renderContents } from './render-contents.ts';
import type { Renga } from '../renga.ts';

export type FreezeReport =
  | { readonly kind: 'frozen'; readonly number: number; readonly posts: number; readonly deliveries: number }
  /** The slot had its digest already: a second program, a double click, or a crash after the freeze. */
  | { readonly kind: 'already-frozen'; readonly number: number }
  | { readonly kind: 'nothing-to-send'; readonly reason: string };

export type Freezer = Archivist & Pick<Renga, 'journal' | 'digestRenderer' | 'clock' | 'report'>;

/** How often others may freeze first before that is a bug of ours and not a race. */
const RACES = 10;

/**
 * Safe to call again for the same slot, by anyone, at any time. `minimum` is the fewest posts worth sending. Throws OperatorError when the journal
 * knows that this database is behind: these posts may have been mailed.
 */
export async function freezeDigest(
  renga: Freezer,
  series: Series,
  slot: Slot,
  prepared: readonly PreparedEntry[],
  minimum: number,
): Promise<FreezeReport> {
  const refusal = await findRefusal(renga);
  if (refusal) throw refusal;
  for (let race = 0; race < RACES; race += 1) {
    const draft = await draftNext(renga, series, prepared, slot);
    const tooFew = refusePosts(draft, minimum);
    if (tooFew !== null) return { kind: 'nothing-to-send', reason: tooFew };
    const audience = await groupDraft(renga, draft);
    const nobody = await refuseAudience(renga, draft, audience);
    if (nobody !== null) return { kind: 'nothing-to-send', reason: nobody };
    const report = await freezeDraft(renga, draft, audience, slot, prepared);
    if (report) return report;
  }
  throw new Error(`${slot.name}: other programs froze ${RACES} digests meanwhile`);
}

/** What the next digest of a series would hold, or that of this slot. */
export async function draftNext(
  renga: Pick<Renga, 'store'>,
  series: Series,
  prepared: readonly PreparedEntry[],
  slot: Slot | null = null,
): Promise<Draft> {
  const carried = await renga.store.series.carried(series.name);
  const posts = prepared.map((entry) => entry.post);
  return draftDigest(series, postsOfSlot(slot, posts), carried);
}

/** That of a slot of one post, and all for any other. */
function postsOfSlot(slot: Slot | null, posts: readonly Post[]): readonly Post[] {
  if (!slot || !isSlotOfPost(slot)) return posts;
  return posts.filter(({ id }) => nameSlotOfPost(slot.series, id) === slot.name);
}

/** Who would get which of its posts, if it were frozen now. */
export async function groupDraft(renga: Pick<Renga, 'store' | 'clock'>, draft: Draft): Promise<Audience> {
  const posts = draft.posts.map(({ id, tags }) => ({ id, tags }));
  return await renga.store.digests.groups({ series: draft.series.name, posts, now: renga.clock() });
}

function refusePosts({ posts }: Draft, minimum: number): string | null {
  if (posts.length === 0) return 'there is no new post';
  if (posts.length < minimum) return `${posts.length} new posts are fewer than the minimum of ${minimum}`;
  return null;
}

/** Where a post finds nobody who still wants it, its time has passed: it must not lie in wait for somebody who joins much later. */
async function refuseAudience(renga: Freezer, draft: Draft, audience: Audience): Promise<string | null> {
  if (audience.subscribers === 0) return 'nobody is subscribed';
  if (audience.groups.length > 0) return null;
  await renga.store.series.pass(
    draft.series.name,
    draft.posts.map(({ id }) => id),
  );
  return 'everybody has had the new posts, or takes other tags';
}

/** Null: somebody froze another digest, or chose something, between our look and our transaction; look again. */
async function freezeDraft(
  renga: Freezer,
  draft: Draft,
  audience: Audience,
  slot: Slot,
  prepared: readonly PreparedEntry[],
): Promise<FreezeReport | null> {
  const number = await renga.store.digests.nextNumber();
  const byId = new Map(prepared.map((entry) => [entry.post.id, entry]));
  const chosen = draft.posts.flatMap((post) => byId.get(post.id) ?? []);
  const entries = await Promise.all(chosen.map(loadEntry));
  const groups = audience.groups.map((group) => group.posts);
  const ids = new Set(draft.posts.map(({ id }) => id));
  const { told, noted: corrections } = await findCorrections(renga, draft.series.name, prepared, ids);
  const contents = await renderContents(renga, draft.series, number, entries, { groups, corrections: told });
  const posts = draft.posts.map(({ id, title, tags }) => ({ id, title, tags }));
  const subject = contents[0]?.subject ?? '';
  const now = renga.clock();
  // Before anybody can deliver it: its messages link to the page.
  if (contents[0]) await writeDigestPage(renga, number, contents[0]);
  const { isFolded } = audience;
  const request = { slot, subject, posts, contents, isFolded, corrections, now };
  const result = await renga.store.digests.freeze(number, request);
  if (result.kind === 'slot-taken') return { kind: 'already-frozen', number: result.number };
  if (result.kind !== 'frozen') return null;
  await noteDigests(renga);
  await writeDigestList(renga);
  const report = { number, posts: posts.length, deliveries: result.deliveries };
  renga.report({ kind: 'digest-frozen', slot: slot.name, ...report });
  return { kind: 'frozen', ...report };
}
