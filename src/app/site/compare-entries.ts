/** What a publish changes for those who read the feed. */
import type { Witnessed } from '../../domain/witness.ts';
import type { PreparedEntry } from '../entries/prepared-entry.ts';

/** Entries as feed readers will see them against what was published before, by id. */
export type EntryChanges = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
};

/** The feed stayed as it was. */
export const NO_CHANGE: EntryChanges = { added: [], changed: [], removed: [] };

export function compareEntries(readers: readonly Witnessed[], after: readonly PreparedEntry[]): EntryChanges {
  const before = new Map(readers.map((entry) => [entry.id, entry]));
  const ids = new Set(after.map((entry) => entry.post.id));
  const wasModified = ({ post }: PreparedEntry): boolean => {
    const modified = before.get(post.id)?.updatedAt.epochMilliseconds;
    return modified !== undefined && Math.abs(modified - post.updatedAt.epochMilliseconds) >= 1000;
  };
  return {
    added: after.filter((entry) => !before.has(entry.post.id)).map((entry) => entry.post.id),
    changed: after.filter(wasModified).map((entry) => entry.post.id),
    removed: [...before.keys()].filter((id) => !ids.has(id)),
  };
}
