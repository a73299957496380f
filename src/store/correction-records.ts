/** Corrections that were told: noted in the transaction that freezes their digest, so that none is told twice and none is lost. */
import type { Kysely, Transaction } from 'kysely';
import type { Correction } from '../domain/correction.ts';
import type { FreezeRequest, SeriesRecords } from '../domain/store.ts';
import type { Connection } from './connection.ts';
import { splitBatches } from './split-batches.ts';
import type { Tables } from './tables.ts';

export function openCorrections({ db }: Connection): Pick<SeriesRecords, 'untold'> {
  return {
    async untold(series, candidates) {
      const mailed = await findMailed(db, series, candidates);
      const told = await findTold(db, series, candidates);
      return candidates.filter(({ post, words }) => mailed.has(post) && !told.has(keyOf({ post, words })));
    },
  };
}

const keyOf = ({ post, words }: Correction): string => JSON.stringify([post, words]);

/** Only those that a digest carried: of the backlog nobody has anything to correct. */
async function findMailed(
  db: Kysely<Tables>,
  series: string,
  candidates: readonly Correction[],
): Promise<ReadonlySet<string>> {
  const mailed = new Set<string>();
  for (const batch of splitBatches(candidates)) {
    const rows = await db
      .selectFrom('series_posts')
      .select('post')
      .where('series', '=', series)
      .where('digest', 'is not', null)
      .where(
        'post',
        'in',
        batch.map(({ post }) => post),
      )
      .execute();
    for (const { post } of rows) mailed.add(post);
  }
  return mailed;
}

async function findTold(
  db: Kysely<Tables>,
  series: string,
  candidates: readonly Correction[],
): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  for (const batch of splitBatches(candidates)) {
    const rows = await db
      .selectFrom('corrections')
      .select(['post', 'words'])
      .where('series', '=', series)
      .where(
        'post',
        'in',
        batch.map(({ post }) => post),
      )
      .execute();
    for (const row of rows) told.add(keyOf(row));
  }
  return told;
}

/** Ids of posts whose correction somebody told meanwhile. */
export async function findToldMeanwhile(
  tx: Transaction<Tables>,
  { slot, corrections = [] }: FreezeRequest,
): Promise<readonly string[]> {
  const told = await findTold(tx, slot.series, corrections);
  return corrections.filter((correction) => told.has(keyOf(correction))).map(({ post }) => post);
}

export async function tellCorrections(
  tx: Transaction<Tables>,
  digest: number,
  { slot, corrections = [] }: FreezeRequest,
): Promise<void> {
  const rows = corrections.map(({ post, words }) => ({ series: slot.series, post, words, digest }));
  for (const batch of splitBatches(rows)) await tx.insertInto('corrections').values(batch).execute();
}
