/** Which posts each archive document of the feed has. Rows are added and never changed. */
import type { Transaction } from 'kysely';
import type { ClosedVolumes, Volume, Volumes } from '../domain/volume.ts';
import type { Connection } from './connection.ts';
import { stepPostsMark } from './posts-mark.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

export function openVolumeRecords({ db, write }: Connection): Volumes {
  return {
    async all() {
      const volumes = await db.selectFrom('volumes').selectAll().orderBy('number').execute();
      const posts = await db.selectFrom('volume_posts').selectAll().orderBy('post').execute();
      const byVolume = Map.groupBy(posts, ({ volume }) => volume);
      return volumes.map(({ number, name }) => ({
        number,
        name,
        posts: (byVolume.get(number) ?? []).map(({ post }) => post),
      }));
    },

    async close(volumes) {
      if (volumes.length === 0) return { kind: 'closed', step: null };
      const rows = volumes.map(({ number, name }) => ({ number, name }));
      const lowest = rows.reduce((least, { number }) => Math.min(least, number), Infinity);
      const posts = volumes.flatMap((volume) =>
        volume.posts.map((post) => ({ post, volume: volume.number })),
      );
      return await write<ClosedVolumes>(async (tx) => {
        // Whoever is first has the number; the other waits here, and finds it taken.
        const isFirst = await insertVolumes(tx, rows);
        if (isFirst) {
          for (const batch of splitBatches(posts))
            await tx.insertInto('volume_posts').values(batch).execute();
          return { kind: 'closed', step: await stepPostsMark(tx) };
        }
        const known = await tx.selectFrom('volume_posts').selectAll().where('volume', '>=', lowest).execute();
        return { kind: isSame(posts, known) ? 'closed' : 'taken', step: null };
      });
    },
  };
}

/** Whether all are new; then they are there. If none is, nothing was changed. */
async function insertVolumes(tx: Transaction<Tables>, rows: readonly Tables['volumes'][]): Promise<boolean> {
  let added = 0;
  for (const batch of splitBatches(rows)) {
    const insert = tx.insertInto('volumes').values(batch);
    const inserted = await insert
      .onConflict((conflict) => conflict.doNothing())
      .returning('number')
      .execute();
    added += inserted.length;
  }
  // Rolled back: the next publish plans with what the other program closed.
  if (added > 0 && added < rows.length)
    throw new Error('another program closed other volumes at the same moment');
  return added > 0;
}

type Bound = { readonly post: string; readonly volume: Volume['number'] };

function isSame(wanted: readonly Bound[], known: readonly Bound[]): boolean {
  const keys = new Set(known.map(({ post, volume }) => `${volume} ${post}`));
  return wanted.length === known.length && wanted.every(({ post, volume }) => keys.has(`${volume} ${post}`));
}
