/**
 * Moves a store into an empty database of the other kind: everything, checked value for value, in one transaction. The old one refuses
 * everything from the moment the new one counts, so that nobody is written to from both. Killed at any moment, one of the two is the store, or,
 * between the two commits, neither, until the move is run again.
 */
import { existsSync } from 'node:fs';
import { type ControlledTransaction, sql, type Transaction } from 'kysely';
import { OperatorError } from '../domain/operator-error.ts';
import type { Worker } from '../domain/worker.ts';
import type { Connection } from './connection.ts';
import { toMilliseconds } from './convert-times.ts';
import { type CopiedTable, copyTable, sumTable } from './copy-table.ts';
import { migrate } from './migrate.ts';
import { describeDatabase } from './open-postgres.ts';
import { isPostgresUrl, openConnection } from './open-store.ts';
import { releaseDeliveries } from './release-deliveries.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import type { Tables } from './tables.ts';

export type MoveRequest = {
  /** Path of a SQLite file, or URL of a PostgreSQL database; so is `to`. */
  readonly from: string;
  readonly to: string;
  readonly now: Temporal.Instant;
  /** Whether a worker is known to be dead, for what it held can be taken back now. */
  readonly isDead: (worker: Worker) => boolean;
};

export type MoveReport = {
  /** Where it is now, without a password. */
  readonly to: string;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
};

/** In an order in which no row refers to one that comes later. */
export const MOVED_TABLES: readonly CopiedTable[] = [
  { name: 'posts', key: ['id'] },
  { name: 'former_pages', key: ['slug', 'post'] },
  { name: 'volumes', key: ['number'] },
  { name: 'volume_posts', key: ['post'] },
  { name: 'series', key: ['name'] },
  { name: 'digests', key: ['number'] },
  { name: 'digest_contents', key: ['digest', 'key'] },
  { name: 'content_posts', key: ['post', 'digest', 'content'] },
  { name: 'series_posts', key: ['series', 'post'] },
  { name: 'slots', key: ['name'] },
  { name: 'corrections', key: ['series', 'post', 'words'] },
  { name: 'subscribers', key: ['id'] },
  { name: 'cadences', key: ['subscriber', 'series'] },
  { name: 'subscriber_tags', key: ['subscriber', 'tag'] },
  { name: 'stories', key: ['subscriber', 'number'] },
  { name: 'suppressions', key: ['address_key'] },
  { name: 'link_keys', key: ['id'] },
  { name: 'sign_ups', key: ['id'] },
  { name: 'notices', key: ['id'] },
  { name: 'address_changes', key: ['id'] },
  { name: 'visitor_limits', key: ['key'] },
  { name: 'workers', key: ['id'] },
  { name: 'deliveries', key: ['digest', 'subscriber'] },
  { name: 'attempts', key: ['digest', 'subscriber', 'number'] },
  { name: 'copies', key: ['digest', 'subscriber'] },
  { name: 'pauses', key: ['scope'] },
  { name: 'rates', key: ['account', 'domain'] },
  { name: 'announcements', key: ['hub', 'topic'] },
  { name: 'callbacks', key: ['topic', 'url'] },
  { name: 'calls', key: ['kind', 'topic', 'target'] },
  { name: 'feed_readers', key: ['day', 'worker', 'reader', 'feed'] },
];

/** Refuses (OperatorError) a target that is not empty, and a source that is gone, moved, or being delivered from. */
export async function moveStore(request: MoveRequest): Promise<MoveReport> {
  if (!isPostgresUrl(request.from) && !existsSync(request.from)) {
    throw new OperatorError(
      `${request.from} is not there`,
      'Name the database to move first, then where to.',
    );
  }
  const source = await openConnection(request.from);
  try {
    const target = await openConnection(request.to);
    try {
      return await moveBetween(source, target, request);
    } catch (error) {
      throw target.explain(source.explain(error));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function moveBetween(
  source: Connection,
  target: Connection,
  request: MoveRequest,
): Promise<MoveReport> {
  const now = toMilliseconds(request.now);
  await migrate(source, now);
  await migrate(target, now);
  await refuseUnknownTables(source);
  const to = describeLocation(request.to);
  const from = await retryWhileBusy(source.dialect.isBusy, () => source.db.startTransaction().execute());
  try {
    await closeSource(from, source, request, to);
    const into = await target.db.startTransaction().execute();
    try {
      const rows = await fillTarget(from, into, target);
      // The old one first: killed between the two, neither sends, and the move is run again.
      await from.commit().execute();
      await into.commit().execute();
      return { to, rows };
    } finally {
      await undo(into);
    }
  } finally {
    await undo(from);
  }
}

async function undo(tx: ControlledTransaction<Tables>): Promise<void> {
  if (!tx.isCommitted && !tx.isRolledBack) await tx.rollback().execute();
}

function describeLocation(location: string): string {
  return isPostgresUrl(location) ? describeDatabase(location) : location;
}

/** A table that this file does not name would be left behind. */
async function refuseUnknownTables({ db, dialect }: Connection): Promise<void> {
  const known = new Set<string>(['settings', ...MOVED_TABLES.map(({ name }) => name)]);
  const { rows } = await dialect.listTables.execute(db);
  const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`not known how to move: ${unknown.join(', ')}`);
}

/** From its commit on, the source answers every write, also of a program that had it open, with where it went. */
async function closeSource(
  tx: Transaction<Tables>,
  { dialect }: Connection,
  { now, isDead }: MoveRequest,
  to: string,
): Promise<void> {
  const settings = await tx.selectFrom('settings').selectAll().where('name', '=', 'moved').execute();
  // A move that was killed between its two commits.
  if (settings[0]?.value === to) return;
  if (settings[0] !== undefined) {
    throw new OperatorError(
      `it was moved to ${settings[0].value}`,
      'Move that one, or name it in config/renga.yaml.',
    );
  }
  const names = MOVED_TABLES.map(({ name }) => name);
  await dialect.lockTables(tx, names);
  for (const worker of await tx.selectFrom('workers').selectAll().execute()) {
    const { id, host, boot, pid, started_at: startedAt, lease_until: leaseUntil } = worker;
    const isOver =
      leaseUntil <= toMilliseconds(now) ||
      isDead({ id, host, boot, pid, startedAt }) ||
      !(await holds(tx, id));
    if (!isOver) {
      throw new OperatorError(
        `a program is delivering from it: process ${pid} on ${host}`,
        'Stop every renga that uses it, then run the move again.',
      );
    }
    await releaseDeliveries(tx, dialect, id, toMilliseconds(now));
  }
  await tx.insertInto('settings').values({ name: 'moved', value: to }).execute();
  await dialect.refuseWrites(tx, names);
}

async function holds(tx: Transaction<Tables>, worker: string): Promise<boolean> {
  const held = tx.selectFrom('deliveries').select('subscriber').where('worker', '=', worker);
  return (await held.limit(1).executeTakeFirst()) !== undefined;
}

async function fillTarget(
  from: Transaction<Tables>,
  into: Transaction<Tables>,
  { dialect }: Connection,
): Promise<MoveReport['rows']> {
  const tables = MOVED_TABLES.map(({ name }) => name);
  await dialect.lockTables(into, tables);
  await refuseUsed(into);
  // What every store is made with; these were made a moment ago, and nothing was signed with them.
  await into.deleteFrom('link_keys').execute();
  await into.deleteFrom('settings').where('name', '<>', 'schema').execute();
  const settings = await from.selectFrom('settings').selectAll().execute();
  const kept = settings.filter(({ name }) => name !== 'schema' && name !== 'moved');
  await into.insertInto('settings').values(kept).execute();
  const rows: Record<string, number> = {};
  for (const table of MOVED_TABLES) {
    rows[table.name] = await copyTable(from, into, table);
    if ((await sumTable(from, table)) !== (await sumTable(into, table))) {
      throw new Error(`the table ${table.name} is not what it was after the move`);
    }
    await dialect.learnSizes(into, table.name);
  }
  for (const table of ['subscribers', 'sign_ups', 'notices', 'address_changes'] as const) {
    await dialect.continueCounting(into, table, 'id');
  }
  return rows;
}

async function refuseUsed(into: Transaction<Tables>): Promise<void> {
  for (const { name } of MOVED_TABLES) {
    if (name === 'link_keys') continue;
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(into);
    if (rows.length === 0) continue;
    throw new OperatorError(
      'the database to move to is not empty',
      'Name a new, empty one: two lists are never put together.',
    );
  }
}
