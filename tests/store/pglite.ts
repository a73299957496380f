/**
 * PostgreSQL in this process: for its SQL, not for its locks, for it has one session only. Programs that open one location share it; a location
 * that was given up is emptied for the next test, since starting one takes a second, and its tables half of one.
 */
import { PGlite, types } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, type Transaction } from 'kysely';
import { openStoreOn } from '../../src/store/open-store.ts';
import { giveIdentity } from '../../src/store/migrate.ts';
import { POSTGRES } from '../../src/store/postgres-dialect.ts';
import type { Tables } from '../../src/store/tables.ts';
import type { Database } from './databases.ts';
import { at } from './samples.ts';

const free: PGlite[] = [];
const taken = new Map<
  string,
  { readonly server: PGlite; readonly db: Kysely<Tables>; last: Promise<unknown> }
>();

async function start(): Promise<PGlite> {
  return await PGlite.create({ parsers: { [types.INT8]: Number } });
}

/** As new: without rows, which takes a tenth of making the tables again; without tables, where a test changed more than rows. */
async function empty(server: PGlite, db: Kysely<Tables>): Promise<void> {
  const { rows } = await server.query<{ names: string | null; triggers: number }>(`
    select string_agg(quote_ident(relname), ', ') filter (where relname <> 'settings') as names,
      (select count(*) from pg_trigger where not tgisinternal) as triggers
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`);
  const [{ names, triggers } = { names: null, triggers: 0 }] = rows;
  const isWhole = names?.includes('link_keys') === true && triggers === 0;
  if (!isWhole) return void (await server.exec('drop schema public cascade; create schema public'));
  await server.exec(
    `truncate ${names} restart identity cascade; delete from settings where name <> 'schema'`,
  );
  await db.transaction().execute(async (tx) => await giveIdentity(tx, at('08:00').epochMilliseconds));
}

export const PGLITE: Database = {
  name: 'PGlite',
  rounds: 1,
  makeLocation: async () => {
    const server = free.pop() ?? (await start());
    const location = `pglite ${taken.size} ${Math.random()}`;
    const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: server }) });
    taken.set(location, { server, db, last: Promise.resolve() });
    return {
      location,
      remove: async () => {
        taken.delete(location);
        await empty(server, db);
        free.push(server);
      },
    };
  },
  open: async ({ location, now }) => {
    const place = taken.get(location);
    if (place === undefined) throw new Error(`there is no ${location}`);
    const connection = {
      dialect: POSTGRES,
      db: place.db,
      // One transaction at a time: there is one session.
      write: async <T>(work: (tx: Transaction<Tables>, again: boolean) => Promise<T>) => {
        const done = place.last.then(() => place.db.transaction().execute((tx) => work(tx, false)));
        place.last = done.catch(() => undefined);
        return await done;
      },
      explain: (error: unknown) => error,
      backup: () => Promise.reject(new Error('PGlite is not backed up')),
      close: () => Promise.resolve(),
    };
    return await openStoreOn(connection, now);
  },
};
