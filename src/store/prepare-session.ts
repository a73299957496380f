/**
 * Makes a session with PostgreSQL one that the ledger can trust: commits wait for the disk, statements see what others committed before them,
 * and a program that vanished holds no lock for long. Refuses a server that cannot give that.
 */
import type { PoolClient } from 'pg';
import { OperatorError } from '../domain/operator-error.ts';

const OLDEST_VERSION = 15;

/** Milliseconds, where PostgreSQL counts in them; keep-alives in seconds. */
const SETTINGS = {
  default_transaction_isolation: 'read committed',
  // A freeze for millions takes minutes; nothing takes longer.
  statement_timeout: '900000',
  lock_timeout: '20000',
  // A worker that stopped, or whose network was cut, in the middle of a transaction must not hold up the others.
  idle_in_transaction_session_timeout: '20000',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  client_min_messages: 'error',
} as const;

type Facts = {
  readonly synchronous: string;
  readonly version: number;
  readonly fsync: string;
  readonly encoding: string;
};

export async function prepareSession(client: Pick<PoolClient, 'query'>, name: string): Promise<void> {
  const settings = Object.entries(SETTINGS).map(([key, value]) => `set_config('${key}', '${value}', false)`);
  const { rows } = await client.query<Facts>(`
    select ${settings.join(', ')},
      set_config('synchronous_commit',
        case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end,
        false) as synchronous,
      current_setting('server_version_num')::int / 10000 as version,
      current_setting('fsync') as fsync,
      current_setting('server_encoding') as encoding
  `);
  const [facts] = rows;
  if (facts === undefined) throw new Error('PostgreSQL did not say what it is');
  const refusal = refuse(facts);
  if (refusal !== null) throw new OperatorError(`${name} ${refusal.problem}`, refusal.hint);
}

function refuse({ synchronous, version, fsync, encoding }: Facts) {
  if (version < OLDEST_VERSION) {
    return {
      problem: `runs PostgreSQL ${version}; renga needs ${OLDEST_VERSION} or newer`,
      hint: 'Update the server, or keep the state in SQLite: leave `database` out of config/renga.yaml.',
    };
  }
  // What was answered as recorded must outlive a power cut, or readers get their mail twice.
  if (fsync !== 'on' || !['on', 'remote_apply'].includes(synchronous)) {
    return {
      problem: 'does not write to the disk what it says is written',
      hint: "Set fsync = on and synchronous_commit = on in the server's postgresql.conf.",
    };
  }
  if (encoding !== 'UTF8') {
    return {
      problem: `keeps its text in ${encoding}`,
      hint: 'Make a database for UTF-8: createdb --encoding UTF8 --template template0 NAME.',
    };
  }
  return null;
}
