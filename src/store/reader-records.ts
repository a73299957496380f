/** What programs read of the feeds, by day. */
import type { ReaderCount } from '../domain/reader.ts';
import type { ReaderRecords } from '../domain/reader-records.ts';
import type { Connection } from './connection.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

type Row = Tables['feed_readers'];

export function openReaderRecords({ db, write }: Connection): ReaderRecords {
  return {
    async record(worker, counts) {
      // One key, one row: the last one given counts.
      const rows = [...new Map(counts.map((count) => [keyOf(count), toRow(worker, count)])).values()];
      if (rows.length === 0) return;
      await write(async (tx) => {
        for (const batch of splitBatches(rows)) {
          await tx
            .insertInto('feed_readers')
            .values(batch)
            .onConflict((conflict) =>
              conflict.columns(['day', 'worker', 'reader', 'feed']).doUpdateSet((expression) => ({
                subscribers: expression.ref('excluded.subscribers'),
                requests: expression.ref('excluded.requests'),
                conditional: expression.ref('excluded.conditional'),
                unchanged: expression.ref('excluded.unchanged'),
                deltas: expression.ref('excluded.deltas'),
                refused: expression.ref('excluded.refused'),
                sent: expression.ref('excluded.sent'),
                saved_unchanged: expression.ref('excluded.saved_unchanged'),
                saved_deltas: expression.ref('excluded.saved_deltas'),
                saved_codings: expression.ref('excluded.saved_codings'),
              })),
            )
            .execute();
        }
      });
    },

    async since(day) {
      const select = db.selectFrom('feed_readers').selectAll().where('day', '>=', day);
      const rows = await select.orderBy('day').orderBy('worker').orderBy('reader').orderBy('feed').execute();
      return rows.map(toCount);
    },

    async forget(before) {
      await write(async (tx) => {
        await tx.deleteFrom('feed_readers').where('day', '<', before).execute();
      });
    },
  };
}

function keyOf({ day, reader, feed }: ReaderCount): string {
  return `${day}\n${reader}\n${feed}`;
}

function toRow(worker: string, count: ReaderCount): Row {
  const { savedUnchanged, savedDeltas, savedCodings, ...same } = count;
  return {
    worker,
    ...same,
    saved_unchanged: savedUnchanged,
    saved_deltas: savedDeltas,
    saved_codings: savedCodings,
  };
}

function toCount(row: Row): ReaderCount {
  const { worker: _, saved_unchanged, saved_deltas, saved_codings, ...same } = row;
  return {
    ...same,
    savedUnchanged: saved_unchanged,
    savedDeltas: saved_deltas,
    savedCodings: saved_codings,
  };
}
