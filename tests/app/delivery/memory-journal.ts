/** A journal that lives as long as the test: one for each store, whichever program asks. */
import type { Journal, JournalLine } from '../../../src/domain/journal.ts';
import type { Store } from '../../../src/domain/store.ts';

const written = new Map<string, JournalLine[]>();

export function journalOf(store: Pick<Store, 'instanceId'>): Journal {
  const lines = written.get(store.instanceId) ?? [];
  written.set(store.instanceId, lines);
  return openMemoryJournal(lines);
}

/** What is added goes into `lines`. */
export function openMemoryJournal(lines: JournalLine[] = [], isOneOfMany = false): Journal {
  return {
    place: 'renga.journal',
    isOneOfMany,
    read: async () => await Promise.resolve([...lines]),
    append: async (more) => {
      lines.push(...more);
      await Promise.resolve();
    },
  };
}
