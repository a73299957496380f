/** Records of no file: whom a file that is new or changed may turn out to be. */
import { Forgotten } from '../../domain/forgotten.ts';
import type { PostFile, PostRecord, SeenPost } from '../../domain/post.ts';
import { isWhole } from './known-record.ts';
import type { RecordBook } from './record-book.ts';

type Free = ReadonlyMap<string, SeenPost>;
type Records = Pick<RecordBook, 'get' | 'has'>;

/** More files than so many at once are told apart with all the others. */
const FEW = 500;

/** With those of posts whose files are gone. */
export function freeWithout(free: Free, records: Records, gone: readonly string[]): Map<string, SeenPost> {
  const all = new Map(free);
  for (const id of gone) {
    const record = records.get(id);
    if (record) all.set(id, record);
  }
  return all;
}

/** Whether files can only be told apart together with all the others. */
export function areTooMany(changed: readonly PostFile[], records: Records, free: Free): boolean {
  // A file may claim, by its front matter, the id that another has.
  const claims = changed.some(({ id }) => id !== null && records.has(id) && !free.has(id));
  return claims || changed.length > FEW;
}

/** As the store gives them, by id, for of two that fit the first counts. */
export function inOrder(free: Free): readonly PostRecord[] {
  const whole = [...free.values()].filter(isWhole);
  if (whole.length < free.size) throw new Forgotten('records');
  return whole.sort((a, b) => (a.id < b.id ? -1 : 1));
}
