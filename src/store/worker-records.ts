/** Who works on the ledger, so that what a dead worker held can be traced to it and taken back. */
import type { Kysely, Transaction } from 'kysely';
import type { Ledger } from '../domain/store.ts';
import type { Worker } from '../domain/worker.ts';
import type { Connection } from './connection.ts';
import { toInstant, toMilliseconds } from './convert-times.ts';
import { prepareQuery } from './prepare-query.ts';
import type { Tables } from './tables.ts';

export function openWorkerRecords({ db, write }: Connection): Pick<Ledger, 'enlist' | 'claimants' | 'renew'> {
  return {
    async enlist(worker, now) {
      await write((tx) =>
        tx
          .insertInto('workers')
          .values(toRow(worker, toMilliseconds(now)))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute(),
      );
    },
    claimants: () => findClaimants(db),
    renew: (worker, leaseUntil) => write((tx) => extendLease(tx, worker, toMilliseconds(leaseUntil))),
  };
}

/** One lease for all that a worker holds. Never shortened: an older call may arrive after a newer one. */
export async function extendLease(
  tx: Transaction<Tables>,
  worker: string,
  leaseUntil: number,
): Promise<void> {
  const { numAffectedRows } = await putOffEnd(tx, { worker, leaseUntil });
  if (numAffectedRows === 0n) throw new Error(`worker ${worker} was never enlisted`);
}

const putOffEnd = prepareQuery<{ readonly worker: string; readonly leaseUntil: number }, unknown>(
  (db, blank) =>
    db
      .updateTable('workers')
      .set((expression) => ({
        lease_until: expression
          .case()
          .when('lease_until', '<', blank('leaseUntil'))
          .then(expression.val<number>(blank('leaseUntil')))
          .else(expression.ref('lease_until'))
          .end(),
      }))
      .where('id', '=', blank('worker')),
);

async function findClaimants(db: Kysely<Tables>): ReturnType<Ledger['claimants']> {
  // Looked up through the held deliveries, for workers of the past are many and those that hold something few.
  const rows = await db
    .selectFrom('workers')
    .selectAll()
    .where((expression) =>
      expression.or([
        expression('id', 'in', selectHolders(db, 'deliveries')),
        expression('id', 'in', selectHolders(db, 'notices')),
      ]),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ worker: toWorker(row), leaseUntil: toInstant(row.lease_until) }));
}

function selectHolders(db: Kysely<Tables>, table: 'deliveries' | 'notices') {
  return db
    .selectFrom(table)
    .select('worker')
    .distinct()
    .where('worker', 'is not', null)
    .$narrowType<{ worker: string }>();
}

function toRow(worker: Worker, now: number): Tables['workers'] {
  const { id, host, boot, pid, startedAt } = worker;
  return { id, host, boot, pid, started_at: startedAt, enlisted_at: now, lease_until: now };
}

function toWorker(row: Tables['workers']): Worker {
  const { id, host, boot, pid, started_at: startedAt } = row;
  return { id, host, boot, pid, startedAt };
}
