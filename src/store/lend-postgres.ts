/**
 * The sessions of one program with PostgreSQL, in the shape that Kysely expects. A session that was lost outside a transaction is replaced and
 * asked again, so that readers do not notice a restart; lost inside one, the whole transaction is for the caller to repeat.
 */
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { isAway } from './postgres-errors.ts';
import { retryWhileAway } from './retry-while-away.ts';

export type Sessions = {
  readonly pool: Pool;
  /** Makes a new session ours, or throws when the server cannot be used. */
  readonly prepare: (client: PoolClient) => Promise<void>;
  /** Watches over a session while it is asked something; gives what ends the watch. */
  readonly watch: (client: PoolClient) => () => void;
  /** How long a server is waited for, in milliseconds of pauses. */
  readonly patience: number;
  /** Turns an error into one for people, where it is one. */
  readonly explain: (error: unknown) => unknown;
};

export function lendPostgres(sessions: Sessions): PostgresPool {
  return {
    options: {},
    connect: () => Promise.resolve(lendOne(sessions)),
    end: () => sessions.pool.end(),
  };
}

const ROLLED_BACK = { command: 'ROLLBACK', rowCount: 0, rows: [] } as const;

function lendOne(sessions: Sessions): PostgresPoolClient {
  let client: PoolClient | null = null;
  let isInTransaction = false;
  const give = (isBroken: boolean): void => {
    client?.release(isBroken);
    client = null;
  };
  const ask = async (sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<unknown>> => {
    client ??= await openSession(sessions);
    const endWatch = sessions.watch(client);
    try {
      return (await client.query(sql, [...parameters])) as PostgresQueryResult<unknown>;
    } catch (error) {
      // After a failover the old server may still answer, read-only: the next session finds the new one.
      if (isAway(error)) give(true);
      throw error;
    } finally {
      endWatch();
    }
  };
  const askOutside = (sql: string, parameters: readonly unknown[]) =>
    retryWhileAway(
      (error) => (isAway(error) ? 'lost' : 'final'),
      () => ask(sql, parameters),
      sessions.patience,
    ).catch((error: unknown) => {
      throw sessions.explain(error);
    });
  const query = async (sql: string, parameters: readonly unknown[]) => {
    if (!isInTransaction) {
      const result = await askOutside(sql, parameters);
      isInTransaction = sql.startsWith('begin');
      return result;
    }
    // A lost session has rolled back by itself; saying so again would only hide why.
    if (sql === 'rollback' && client === null) return ROLLED_BACK;
    return await ask(sql, parameters);
  };
  return {
    query: query as PostgresPoolClient['query'],
    release: (isBroken) => give(isBroken === true),
  };
}

const prepared = new WeakSet<PoolClient>();

export async function openSession({
  pool,
  prepare,
}: Pick<Sessions, 'pool' | 'prepare'>): Promise<PoolClient> {
  const client = await pool.connect();
  if (prepared.has(client)) return client;
  try {
    await prepare(client);
    prepared.add(client);
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
