/**
 * Series that send each post by itself, as soon as it is published. A post is one slot, by its id, recorded before anything goes out; so a kill, a second
 * program or a clock that jumps neither sends one twice nor forgets it. More posts at once than anybody means as so many mails wait for a person.
 */
import type { Series } from '../../domain/publication.ts';
import { isSlotOfPost, nameSlotOfPost, type Slot, slotOfPost } from '../../domain/slot.ts';
import { listMailable } from '../entries/list-mailable.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

type Keeper = Pick<Renga, 'store' | 'clock' | 'report'>;

/** A folder of old letters that is brought in is no news for anybody's mailbox. */
export const MOST_AT_ONCE = 10;

/** Those of `mailable` (ids) that the series neither carried nor has a slot for. In their order. */
export async function listWithoutSlot(
  { store }: Pick<Renga, 'store'>,
  { name }: Pick<Series, 'name'>,
  mailable: readonly string[],
): Promise<readonly string[]> {
  const carried = await store.series.carried(name);
  const waiting = mailable.filter((id) => !carried.has(id));
  // Most rounds end here: every post but the newest was carried.
  if (waiting.length === 0) return [];
  const known = new Set((await store.series.slots({ series: name })).map((slot) => slot.name));
  return waiting.filter((id) => !known.has(nameSlotOfPost(name, id)));
}

/**
 * The slots of posts that have none yet, oldest post first. A post is due when readers could first see it: not before its date, not before it was
 * there, and not before we looked last, for then it was a draft still, or its series not open.
 */
export async function findNewSlots(
  renga: Pick<Renga, 'store' | 'clock'>,
  series: Series,
  prepared: readonly PreparedEntry[],
): Promise<readonly Slot[]> {
  const fresh = new Set(await listWithoutSlot(renga, series, listMailable(prepared)));
  if (fresh.size === 0) return [];
  const now = renga.clock().epochMilliseconds;
  const since = (await renga.store.series.consideredUntil(series.name))?.epochMilliseconds ?? now;
  const records = await renga.store.posts.all();
  const seen = new Map(records.map(({ id, firstSeenAt }) => [id, firstSeenAt.epochMilliseconds]));
  const posts = prepared.flatMap(({ post }) => (fresh.has(post.id) ? [post] : [])).toReversed();
  return posts.map(({ id, publishedAt }) => {
    const visible = Math.max(publishedAt.epochMilliseconds, seen.get(id) ?? now, since);
    // A clock that was ahead and came back dates nothing in the future.
    return slotOfPost(series.name, id, Temporal.Instant.fromEpochMilliseconds(Math.min(now, visible)));
  });
}

/** Whether so many posts at once are left to a person. Who asks for the backlog means all of it. */
export function areTooMany(slots: readonly Slot[], isOpening: boolean): boolean {
  return slots.length > MOST_AT_ONCE && !isOpening;
}

export async function recordEach(
  renga: Keeper,
  series: Series,
  prepared: readonly PreparedEntry[],
  isOpening: boolean,
): Promise<void> {
  const slots = await findNewSlots(renga, series, prepared);
  const isForPerson = areTooMany(slots, isOpening);
  await renga.store.series.recordSlots(series.name, slots, renga.clock(), isForPerson ? 'missed' : 'due');
  if (isForPerson) for (const slot of slots) renga.report({ kind: 'slot-missed', slot: slot.name });
  await foldCarried(renga, series, prepared);
}

/** A person who was asked may have sent waiting posts in one digest by hand. */
async function foldCarried(
  { store, clock }: Keeper,
  { name }: Series,
  prepared: readonly PreparedEntry[],
): Promise<void> {
  const missed = (await store.series.slots({ series: name, state: 'missed' })).filter(isSlotOfPost);
  if (missed.length === 0) return;
  const carried = await store.series.carried(name);
  const over = new Set(
    prepared.filter(({ post }) => carried.has(post.id)).map(({ post }) => nameSlotOfPost(name, post.id)),
  );
  for (const slot of missed)
    if (over.has(slot.name)) await store.series.decideSlot(slot.name, 'folded', clock());
}

export type DueSlot = {
  readonly slot: Slot;
  /** `run`: its post is here. `wait`: its file cannot be read now. `fold`: of another schedule that the series had before. */
  readonly what: 'run' | 'wait' | 'fold';
};

/** Oldest post first. */
export function sortDue(
  series: Series,
  due: readonly Slot[],
  prepared: readonly PreparedEntry[],
): readonly DueSlot[] {
  if (due.length === 0) return [];
  const places = new Map(prepared.map(({ post }, place) => [nameSlotOfPost(series.name, post.id), place]));
  const placeOf = ({ name }: Slot): number => places.get(name) ?? Number.POSITIVE_INFINITY;
  return due
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : placeOf(a) > placeOf(b) ? -1 : 0))
    .map((slot) => ({ slot, what: !isSlotOfPost(slot) ? 'fold' : places.has(slot.name) ? 'run' : 'wait' }));
}
