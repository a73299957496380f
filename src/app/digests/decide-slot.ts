/** A person's word on a slot that was missed: send it after all, or let it be. */
import { OperatorError } from '../../domain/operator-error.ts';
import { isSlotOfPost, nameSlotOfPost, type SlotRecord } from '../../domain/slot.ts';
import type { SlotReport } from './keep-slots.ts';
import { freezeDigest } from './freeze-digest.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

/** The slot of that name, or an error that names those there are. */
export async function findOpenSlot(renga: Pick<Renga, 'store'>, name: string): Promise<SlotRecord> {
  const slots = await renga.store.series.slots();
  const slot = slots.find((candidate) => candidate.name === name);
  const open = slots.filter(({ state }) => state === 'missed' || state === 'due');
  if (slot && open.includes(slot)) return slot;
  const names = open.map((candidate) => `"${candidate.name}"`).join(', ');
  throw new OperatorError(
    slot ? `The slot "${name}" is ${slot.state} already.` : `There is no slot "${name}".`,
    names === '' ? 'No slot waits for a decision.' : `These wait for a decision: ${names}.`,
  );
}

export async function skipSlot(renga: Pick<Renga, 'store' | 'clock'>, name: string): Promise<void> {
  const slot = await findOpenSlot(renga, name);
  if (isSlotOfPost(slot)) await passPostOf(renga, slot);
  await renga.store.series.decideSlot(slot.name, 'skipped', renga.clock());
}

/** Else the next digest of another schedule, or by hand, would bring the post that was decided against. */
async function passPostOf({ store }: Pick<Renga, 'store'>, slot: SlotRecord): Promise<void> {
  const records = await store.posts.all();
  const own = records.filter(({ id }) => nameSlotOfPost(slot.series, id) === slot.name);
  await store.series.pass(
    slot.series,
    own.map(({ id }) => id),
  );
}

/** Freezes the slot's digest now, whatever its age and however few its posts. */
export async function runMissedSlot(
  renga: Renga,
  name: string,
  prepared: readonly PreparedEntry[],
): Promise<SlotReport> {
  const slot = await findOpenSlot(renga, name);
  const series = renga.series.find((candidate) => candidate.name === slot.series);
  if (!series) {
    throw new OperatorError(
      `The series ${slot.series} of that slot is not in the config.`,
      `Put it back under series:, or say: renga slots skip "${name}"`,
    );
  }
  return { slot: slot.name, result: await freezeDigest(renga, series, slot, prepared, 1) };
}
