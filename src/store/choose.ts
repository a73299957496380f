/** What a subscriber chooses: the choice and its line in their story are one transaction. What is chosen again as it stands writes nothing. */
import type { Transaction } from 'kysely';
import type { Choice, StoryLine, Subscriber } from '../domain/subscriber.ts';
import { toMillisecondsOrNull } from './convert-times.ts';
import { completeSubscribers } from './read-subscribers.ts';
import { addStoryLine } from './story-records.ts';
import type { Tables } from './tables.ts';

/** True when it changed something. */
export async function choose(
  tx: Transaction<Tables>,
  id: number,
  choice: Choice,
  line: StoryLine,
): Promise<boolean> {
  const subscriber = await holdSubscriber(tx, id);
  if (subscriber === null) return false;
  const wanted = { ...chosenBy(subscriber), ...withoutGaps(choice) };
  if (isSame(wanted, chosenBy(subscriber))) return false;
  await tx
    .updateTable('subscribers')
    .set({
      takes_all: wanted.series === null ? 1 : 0,
      takes_all_tags: wanted.tags === null ? 1 : 0,
      paused_until: toMillisecondsOrNull(wanted.pausedUntil),
      name: wanted.name,
    })
    .where('id', '=', id)
    .execute();
  await writeSeries(tx, id, wanted.series);
  await writeTags(tx, id, wanted.tags);
  await addStoryLine(tx, id, line);
  return true;
}

/** Who has not left, locked until the transaction ends: of two who choose at once, the second chooses on top of the first. */
async function holdSubscriber(tx: Transaction<Tables>, id: number): Promise<Subscriber | null> {
  const row = await tx
    .updateTable('subscribers')
    .set((expression) => ({ name: expression.ref('name') }))
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'active'])
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : ((await completeSubscribers(tx, [row]))[0] ?? null);
}

function chosenBy({ series, tags, pausedUntil, name }: Subscriber): Required<Choice> {
  return { series, tags, pausedUntil, name };
}

function withoutGaps(choice: Choice): Choice {
  const named = Object.entries(choice).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named);
}

function isSame(a: Required<Choice>, b: Required<Choice>): boolean {
  return keyOf(a) === keyOf(b);
}

/** Times as the store keeps them: a choice that differs by less is the same. */
function keyOf({ series, tags, pausedUntil, name }: Required<Choice>): string {
  return JSON.stringify([sortNames(series), sortNames(tags), toMillisecondsOrNull(pausedUntil), name]);
}

function sortNames(names: readonly string[] | null): readonly string[] | null {
  return names === null ? null : [...new Set(names)].sort();
}

/** In place of those there were; null: all, which has no rows. */
export async function writeSeries(
  tx: Transaction<Tables>,
  id: number,
  names: Subscriber['series'],
): Promise<void> {
  await tx.deleteFrom('cadences').where('subscriber', '=', id).execute();
  const rows = (sortNames(names) ?? []).map((series) => ({ subscriber: id, series }));
  if (rows.length > 0) await tx.insertInto('cadences').values(rows).execute();
}

/** As `writeSeries`. */
export async function writeTags(
  tx: Transaction<Tables>,
  id: number,
  names: Subscriber['tags'],
): Promise<void> {
  await tx.deleteFrom('subscriber_tags').where('subscriber', '=', id).execute();
  const rows = (sortNames(names) ?? []).map((tag) => ({ subscriber: id, tag }));
  if (rows.length > 0) await tx.insertInto('subscriber_tags').values(rows).execute();
}
