/** From a slot to a frozen digest: draft, render, compile, and one transaction that fixes it all; or a reason why there is none. */
import { type Draft, draftDigest } from '../domain/digest.ts';
import type { Series } from '../domain/publication.ts';
import type { Slot } from '../domain/slot.ts';
import { findRefusal, noteDigests } from './keep-journal.ts';
import { loadEntry, type PreparedEntry } from './prepare-entries.ts';
import { renderContents } from './render-contents.ts';
import type { Renga } from './renga.ts';

export type FreezeReport =
  | { readonly kind: 'frozen'; readonly number: number; readonly posts: number; readonly deliveries: number }
  /** The slot had its digest already: a second program, a double click, or a crash after the freeze. */
  | { readonly kind: 'already-frozen'; readonly number: number }
  | { readonly kind: 'nothing-to-send'; readonly reason: string };

type Freezer = Pick<Renga, 'publication' | 'store' | 'journal' | 'digestRenderer' | 'clock' | 'report'>;

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
    const draft = await draftNext(renga, series, prepared);
    const refusal = await refuseDraft(renga, draft, minimum);
    if (refusal !== null) return { kind: 'nothing-to-send', reason: refusal };
    const report = await freezeDraft(renga, draft, slot, prepared);
    if (report) return report;
  }
  throw new Error(`${slot.name}: other programs froze ${RACES} digests meanwhile`);
}

/** What the next digest of a series would hold. */
export async function draftNext(
  renga: Pick<Renga, 'store'>,
  series: Series,
  prepared: readonly PreparedEntry[],
): Promise<Draft> {
  const carried = await renga.store.series.carried(series.name);
  const posts = prepared.map((entry) => entry.post);
  return draftDigest(series, posts, carried);
}

async function refuseDraft(renga: Freezer, draft: Draft, minimum: number): Promise<string | null> {
  const { posts, series } = draft;
  if (posts.length === 0) return 'there is no new post';
  if (posts.length < minimum) return `${posts.length} new posts are fewer than the minimum of ${minimum}`;
  const audience = await renga.store.subscribers.audience(series.name, renga.clock());
  return audience === 0 ? 'nobody is subscribed' : null;
}

/** Null: somebody froze another digest between our look and our transaction; look again. */
async function freezeDraft(
  renga: Freezer,
  draft: Draft,
  slot: Slot,
  prepared: readonly PreparedEntry[],
): Promise<FreezeReport | null> {
  const number = await renga.store.digests.nextNumber();
  const byId = new Map(prepared.map((entry) => [entry.post.id, entry]));
  const chosen = draft.posts.flatMap((post) => byId.get(post.id) ?? []);
  const entries = await Promise.all(chosen.map(loadEntry));
  const contents = await renderContents(renga, draft.series, number, entries);
  const posts = draft.posts.map(({ id, title }) => ({ id, title }));
  const subject = contents[0]?.subject ?? '';
  const now = renga.clock();
  const result = await renga.store.digests.freeze(number, { slot, subject, posts, contents, now });
  if (result.kind === 'slot-taken') return { kind: 'already-frozen', number: result.number };
  if (result.kind !== 'frozen') return null;
  await noteDigests(renga);
  const report = { number, posts: posts.length, deliveries: result.deliveries };
  renga.report({ kind: 'digest-frozen', slot: slot.name, ...report });
  return { kind: 'frozen', ...report };
}
