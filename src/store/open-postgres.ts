/**
 * Opens a PostgreSQL database for the store. At first it must answer; later, a server that restarts or is failed over is waited for, and what was
 * asked is asked again: every verb of the store is safe to ask twice, also when the answer to a commit was lost.
 */
import { Socket } from 'node:net';
import { Kysely, PostgresDialect } from 'kysely';
import { Client, type ClientConfig, Pool, types } from 'pg';
import { OperatorError } from '../domain/operator-error.ts';
import type { Connection } from './connection.ts';
import { lendPostgres, openSession, type Sessions } from './lend-postgres.ts';
import { POSTGRES } from './postgres-dialect.ts';
import { explainPostgresError, isAway } from './postgres-errors.ts';
import { prepareSession } from './prepare-session.ts';
import { type AwayKind, PATIENCE_MILLISECONDS, retryWhileAway } from './retry-while-away.ts';
import type { Tables } from './tables.ts';
import { watchSilence } from './watch-silence.ts';

/** One for what connections say, one for claims, one for leases, and one for whoever looks. */
const SESSIONS = 4;
const CONNECT_MILLISECONDS = 10_000;
const GOODBYE_MILLISECONDS = 2000;

export type PostgresOptions = {
  /** How long a server is waited for, in milliseconds of pauses. */
  readonly patience?: number;
  /** How long a statement may go unanswered, in milliseconds, before the session is looked after. */
  readonly lookEvery?: number;
};

/** `url`: `postgres://user:password@host:port/database`, as libpq and the package pg read it, TLS settings included. */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Connection> {
  const { patience = PATIENCE_MILLISECONDS } = options;
  const sockets = new Set<Socket>();
  const config = readUrl(url, sockets);
  const name = describeDatabase(url);
  const sessions = openSessions(config, name, options);
  try {
    const first = await openSession(sessions);
    first.release();
  } catch (error) {
    await sessions.pool.end();
    throw explainPostgresError(error, name);
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: lendPostgres(sessions) }) });
  return {
    dialect: POSTGRES,
    db,
    write: async (work) => {
      try {
        return await retryWhileAway(
          sortError,
          (again) => db.transaction().execute((tx) => work(tx, again)),
          patience,
        );
      } catch (error) {
        throw explainBusy(error) ?? explainPostgresError(error, name);
      }
    },
    explain: (error) => explainBusy(error) ?? explainPostgresError(error, name),
    backup: () => Promise.reject(refuseBackup(name)),
    close: async () => {
      // A server that cannot be reached does not say goodbye.
      const grace = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, GOODBYE_MILLISECONDS);
      await db.destroy();
      if (!sessions.pool.ending) await sessions.pool.end();
      clearTimeout(grace);
    },
  };
}

function openSessions(
  config: ClientConfig,
  name: string,
  { patience, lookEvery }: PostgresOptions,
): Sessions {
  const pool = new Pool({ ...config, max: SESSIONS });
  // An idle session that the server ended: the pool has forgotten it already.
  pool.on('error', () => undefined);
  // One that ends while it is lent: whoever asks next hears of it. Without a listener, from the first moment, it would end the program.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return {
    pool,
    patience: patience ?? PATIENCE_MILLISECONDS,
    prepare: (client) => prepareSession(client, name),
    watch: (client) => watchSilence(client, config, lookEvery),
    explain: (error) => explainPostgresError(error, name),
  };
}

/** `sockets`: those that are open, kept up to date. */
function readUrl(url: string, sockets: Set<Socket>): ClientConfig {
  const openSocket = (): Socket => {
    const socket = new Socket();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  return {
    stream: openSocket,
    connectionString: url,
    application_name: 'renga',
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    keepAlive: true,
    types: { getTypeParser: readType },
  };
}

/** https://www.postgresql.org/docs/current/catalog-pg-type.html: counts and times are `bigint` (20), well below 2^53; bytes are `bytea` (17). */
const readType: typeof types.getTypeParser = (oid: number) => {
  if (oid === 20) return Number;
  const parse = types.getTypeParser(oid);
  return oid === 17 ? (text: string) => new Uint8Array(parse(text) as Buffer) : parse;
};

/** `the database renga at db.example:5432`: how people know it, without user and password. */
export function describeDatabase(url: string): string {
  try {
    const { database, host, port } = new Client({ connectionString: url });
    return `the database ${database ?? ''} at ${host.startsWith('/') ? host : `${host}:${port}`}`;
  } catch {
    // Whatever it says of the URL, the password may be part of it.
    throw new OperatorError(
      'the URL of `database` cannot be read',
      'Write it as postgres://user:password@host:5432/name; of a password, percent-encode what is not a letter or digit.',
    );
  }
}

function sortError(error: unknown): AwayKind {
  if (isAway(error)) return 'lost';
  return POSTGRES.isBusy(error) ? 'busy' : 'final';
}

function explainBusy(cause: unknown): OperatorError | null {
  if (!POSTGRES.isBusy(cause)) return null;
  return new OperatorError(
    'the database has been busy for a minute',
    'Somebody holds its tables: see pg_stat_activity on the server.',
    { cause },
  );
}

function refuseBackup(name: string): OperatorError {
  return new OperatorError(
    `renga does not copy ${name}`,
    'Use pg_dump --format=custom, or the continuous backup of your server: docs/postgresql.md.',
  );
}
