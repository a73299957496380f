/** Opens the store at a location and puts its parts together. Makes the store when there is none yet. */
import { OperatorError } from '../domain/operator-error.ts';
import type { Store } from '../domain/store.ts';
import type { Connection } from './connection.ts';
import { toMilliseconds } from './convert-times.ts';
import { openDigestArchive } from './digest-archive.ts';
import { migrate } from './migrate.ts';
import { openLedger } from './open-ledger.ts';
import { openSqlite } from './open-sqlite.ts';
import { openPostRecords } from './post-records.ts';
import { openSeriesRecords } from './series-records.ts';
import { openSubscriberList } from './subscriber-list.ts';

/** `location`: path of a SQLite file. `now` dates what is made with a new store. */
export async function openStore(options: {
  readonly location: string;
  readonly now: Temporal.Instant;
}): Promise<Store> {
  const connection = await openConnection(options.location);
  try {
    await migrate(connection, toMilliseconds(options.now));
    return await composeStore(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function openConnection(location: string): Promise<Connection> {
  if (/^postgres(?:ql)?:\/\//u.test(location)) {
    throw new OperatorError(
      'this renga keeps its state in SQLite only',
      'Give a file path as `database` in config/renga.yaml; PostgreSQL comes with a later version.',
    );
  }
  return openSqlite(location);
}

async function composeStore(connection: Connection): Promise<Store> {
  const ledger = openLedger(connection);
  return {
    posts: openPostRecords(connection),
    series: openSeriesRecords(connection),
    digests: openDigestArchive(connection),
    ledger,
    subscribers: openSubscriberList(connection),
    instanceId: await readInstanceId(connection),
    linkKeys: () => readLinkKeys(connection),
    backup: (file) => connection.backup(file),
    async close() {
      await ledger.drain();
      await connection.close();
    },
  };
}

async function readInstanceId({ db }: Connection): Promise<string> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', 'instance')
    .executeTakeFirstOrThrow();
  return row.value;
}

async function readLinkKeys({ db }: Connection): ReturnType<Store['linkKeys']> {
  return db
    .selectFrom('link_keys')
    .select(['id', 'secret'])
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}
