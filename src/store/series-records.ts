/** What each series has been through. A slot, once decided, is decided for every program on the store. */
import type { SlotRecord } from '../domain/slot.ts';
import type { SeriesRecords } from '../domain/store.ts';
import type { Connection } from './connection.ts';
import { toInstant, toInstantOrNull, toMilliseconds } from './convert-times.ts';
import { openSeries, passPosts } from './open-series.ts';
import { openCorrections } from './correction-records.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

export function openSeriesRecords(connection: Connection): SeriesRecords {
  const { db } = connection;
  const findSeries = (name: string) =>
    db.selectFrom('series').selectAll().where('name', '=', name).executeTakeFirst();

  return {
    ...openCorrections(connection),

    open: (series, now, backlog) =>
      connection.write((tx) => openSeries(tx, series, toMilliseconds(now), backlog)),

    isOpen: async (series) => (await findSeries(series)) !== undefined,
    openedAt: async (series) => toInstantOrNull((await findSeries(series))?.opened_at ?? null),

    async carried(series) {
      const rows = await db.selectFrom('series_posts').select('post').where('series', '=', series).execute();
      return new Set(rows.map(({ post }) => post));
    },

    pass: (series, posts) => connection.write((tx) => passPosts(tx, series, posts)),

    consideredUntil: async (series) => toInstantOrNull((await findSeries(series))?.considered_until ?? null),

    ...openSlots(connection),
  };
}

function openSlots({ db, write }: Connection): Pick<SeriesRecords, 'recordSlots' | 'slots' | 'decideSlot'> {
  return {
    async recordSlots(series, slots, until, state = 'due') {
      const rows = slots.map((slot) => ({
        name: slot.name,
        series,
        due_at: toMilliseconds(slot.dueAt),
        state,
      }));
      await write(async (tx) => {
        for (const batch of splitBatches(rows)) {
          // A name that is known stays as it was decided: no slot fires twice.
          await tx
            .insertInto('slots')
            .values(batch)
            .onConflict((conflict) => conflict.column('name').doNothing())
            .execute();
        }
        // Never back, whatever the clock did: else slots would be found again, or forgotten.
        await tx
          .updateTable('series')
          .set({ considered_until: toMilliseconds(until) })
          .where('name', '=', series)
          .where('considered_until', '<', toMilliseconds(until))
          .execute();
      });
    },

    async slots(filter = {}) {
      const { series, state } = filter;
      let query = db.selectFrom('slots').selectAll().orderBy('due_at').orderBy('name');
      if (series !== undefined) query = query.where('series', '=', series);
      if (state !== undefined) query = query.where('state', '=', state);
      return (await query.execute()).map(toSlotRecord);
    },

    async decideSlot(name, state, now) {
      // Whoever decides second changes nothing and is told so; neither does the same word said twice.
      const result = await write((tx) =>
        tx
          .updateTable('slots')
          .set({ state, decided_at: toMilliseconds(now) })
          .where('name', '=', name)
          .where('state', 'in', ['due', 'missed'])
          .where('state', '<>', state)
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
  };
}

function toSlotRecord(row: Tables['slots']): SlotRecord {
  return {
    series: row.series,
    name: row.name,
    dueAt: toInstant(row.due_at),
    state: row.state,
    digest: row.digest,
  };
}
