/** Opens the store at a location and puts its parts together. Makes the store when there is none yet. */
import { OperatorError } from '../domain/operator-error.ts';
import type { Store } from '../domain/store.ts';
import { openAddressChanges } from './address-changes.ts';
import type { Connection } from './connection.ts';
import { toMilliseconds } from './convert-times.ts';
import { openDigestArchive } from './digest-archive.ts';
import { migrate } from './migrate.ts';
import { fixFeedBase, readFeedBase } from './feed-ids.ts';
import { COLLECTING } from './group-commit.ts';
import { openLedger } from './open-ledger.ts';
import { openReaderRecords } from './reader-records.ts';
import { openRepairs } from './open-repairs.ts';
import { openSqlite } from './open-sqlite.ts';
import { openPostRecords } from './post-records.ts';
import { openSeriesRecords } from './series-records.ts';
import { addLinkKey, readLinkKeys } from './link-keys.ts';
import { openNoticeBox } from './notice-box.ts';
import { openSignUpBook } from './sign-up-book.ts';
import { openSubscriberList } from './subscriber-list.ts';
import { openWebsubRecords } from './websub-records.ts';
import { openVolumeRecords } from './volume-records.ts';

/** `location`: path of a SQLite file, or URL of a PostgreSQL database. `now` dates what is made with a new store. */
export async function openStore(options: {
  readonly location: string;
  readonly now: Temporal.Instant;
  /** Of a SQLite file that must be there already: see `watch-file.ts`. */
  readonly identity?: string;
  /** Milliseconds that a commit waits for more to take along; 0 where words arrive together already. */
  readonly collecting?: number;
}): Promise<Store> {
  const connection = await openConnection(options.location, options.identity);
  return await openStoreOn(connection, options.now, options.collecting);
}

/** Takes the connection over: it is closed with the store, or when the store cannot be used. */
export async function openStoreOn(
  connection: Connection,
  now: Temporal.Instant,
  collecting: number = COLLECTING,
): Promise<Store> {
  try {
    await migrate(connection, toMilliseconds(now));
    return composeStore(connection, await readSettings(connection), collecting);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** A connection to the database at a location, as it is: no schema is made or changed. */
export async function openConnection(location: string, identity?: string): Promise<Connection> {
  if (!isPostgresUrl(location)) return await openSqlite(location, identity);
  // Loaded for those who use it.
  return await (await import('./open-postgres.ts')).openPostgres(location);
}

export function isPostgresUrl(location: string): boolean {
  return /^postgres(?:ql)?:\/\//iu.test(location);
}

function composeStore(
  connection: Connection,
  settings: ReadonlyMap<string, string>,
  collecting: number,
): Store {
  const instanceId = settings.get('instance');
  if (instanceId === undefined) throw new Error('the store has no instance id');
  const movedTo = settings.get('moved');
  if (movedTo !== undefined) throw refuseMoved(movedTo);
  const ledger = openLedger(connection, collecting);
  const signUps = openSignUpBook(connection, collecting);
  return {
    posts: openPostRecords(connection),
    series: openSeriesRecords(connection),
    digests: openDigestArchive(connection),
    ledger,
    subscribers: openSubscriberList(connection),
    signUps,
    notices: openNoticeBox(connection),
    addressChanges: openAddressChanges(connection),
    repairs: openRepairs(connection),
    websub: openWebsubRecords(connection),
    volumes: openVolumeRecords(connection),
    readers: openReaderRecords(connection),
    instanceId,
    feedBase: () => readFeedBase(connection.db),
    fixFeedBase: (base) => fixFeedBase(connection, base),
    linkKeys: () => readLinkKeys(connection),
    rotateLinkKey: (now) => addLinkKey(connection, toMilliseconds(now)),
    backup: (file) => connection.backup(file),
    async close() {
      await signUps.drain();
      await ledger.drain();
      await connection.close();
    },
  };
}

async function readSettings({ db }: Connection): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('settings').selectAll().execute();
  return new Map(rows.map(({ name, value }) => [name, value]));
}

/** What it still holds as due was handed on: sent from here, everybody would get it twice. */
function refuseMoved(to: string): OperatorError {
  return new OperatorError(
    `this database was moved to ${to}`,
    'Name the new one as `database` in config/renga.yaml. This one is kept as it was, and never sends again.',
  );
}
