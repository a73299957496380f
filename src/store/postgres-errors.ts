/** What PostgreSQL, the network and TLS say, sorted by what follows from it: wait and ask again, or tell a person. */
import { OperatorError } from '../domain/operator-error.ts';

/** Five characters (PostgreSQL, appendix A), or null for an error of another kind. */
export function stateOf(error: unknown): string | null {
  const code = codeOf(error);
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && !(code in BY_SYSTEM_CODE) ? code : null;
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/**
 * Whether the server is away for now and may come back: it restarts, ends our session, was failed over, or the network is cut. What was asked may
 * have been done, when that was to commit.
 */
export function isAway(error: unknown): boolean {
  const state = stateOf(error);
  if (state !== null) return state.startsWith('08') || AWAY_STATES.has(state);
  const code = codeOf(error);
  return code === null ? isLostLine(error) : code in AWAY_CODES;
}

/** Shutdown, crash, starting up, ended idle; too many sessions; read-only since a failover. */
const AWAY_STATES = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '53300', '25006']);

/** The package pg has no code for these. */
function isLostLine(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect)/.test(
      error.message,
    )
  );
}

type Explanation = { readonly problem: string; readonly hint: string };

const CANNOT_CONNECT: Explanation = {
  problem: 'cannot be reached',
  hint: 'Is PostgreSQL running, and are host and port in `database` right?',
};
const LOGIN: Explanation = {
  problem: 'refuses the login',
  hint: 'Check user and password in `database`, and pg_hba.conf on the server.',
};
const TLS: Explanation = {
  problem: 'cannot be trusted: its TLS certificate does not hold',
  hint: 'Name the authority with sslmode=verify-full&sslrootcert=/path/ca.pem in `database`.',
};
const FAILED_DISK: Explanation = {
  problem: 'cannot be read or written: the server or its disk failed',
  hint: "See the server's log.",
};

const AWAY_CODES: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: CANNOT_CONNECT,
  ECONNRESET: CANNOT_CONNECT,
  ECONNABORTED: CANNOT_CONNECT,
  EPIPE: CANNOT_CONNECT,
  ETIMEDOUT: CANNOT_CONNECT,
  EHOSTUNREACH: CANNOT_CONNECT,
  ENETUNREACH: CANNOT_CONNECT,
  ENETDOWN: CANNOT_CONNECT,
  EHOSTDOWN: CANNOT_CONNECT,
  ENOTFOUND: CANNOT_CONNECT,
  EAI_AGAIN: CANNOT_CONNECT,
  // The socket file of a server on this machine that restarts.
  ENOENT: CANNOT_CONNECT,
};

const BY_SYSTEM_CODE: Readonly<Record<string, Explanation>> = {
  ...AWAY_CODES,
  EACCES: CANNOT_CONNECT,
  DEPTH_ZERO_SELF_SIGNED_CERT: TLS,
  SELF_SIGNED_CERT_IN_CHAIN: TLS,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TLS,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TLS,
  CERT_HAS_EXPIRED: TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: TLS,
};

const BY_STATE: Readonly<Record<string, Explanation>> = {
  '28000': LOGIN,
  '28P01': LOGIN,
  '3D000': {
    problem: 'does not exist',
    hint: 'Make it: createdb --encoding UTF8 --template template0 NAME.',
  },
  '42501': {
    problem: 'may not be used by this login',
    hint: 'Make it the owner: ALTER DATABASE name OWNER TO user.',
  },
  '25006': {
    problem: 'is read-only',
    hint: 'Name the primary server in `database`, not a standby.',
  },
  '53100': { problem: 'cannot grow: the disk is full', hint: 'Make room on the server, then run it again.' },
  '53200': { problem: 'is out of memory', hint: "See the server's log." },
  '53300': {
    problem: 'has no session left for us',
    hint: 'Raise max_connections on the server, or run fewer workers.',
  },
  '57014': {
    problem: 'ended a statement of ours',
    hint: 'Somebody cancelled it, or it took too long: see its log.',
  },
  '58030': FAILED_DISK,
  XX001: FAILED_DISK,
  XX002: FAILED_DISK,
  RG001: {
    problem: 'was moved',
    hint: 'Name the new database in config/renga.yaml.',
  },
};

/** The OperatorError for `error`, or `error` itself. `name` is how people know the database; the password is not in it. */
export function explainPostgresError(error: unknown, name: string): unknown {
  const explanation = findExplanation(error);
  if (explanation === undefined) return error;
  const said = error instanceof Error && error.message !== '' ? ` (${error.message})` : '';
  return new OperatorError(`${name} ${explanation.problem}${said}`, explanation.hint, { cause: error });
}

function findExplanation(error: unknown): Explanation | undefined {
  const state = stateOf(error);
  const known = state === null ? BY_SYSTEM_CODE[codeOf(error) ?? ''] : BY_STATE[state];
  if (known !== undefined) return known;
  if (error instanceof Error && /does not support SSL/.test(error.message)) {
    return {
      problem: 'offers no TLS',
      hint: 'Turn ssl on at the server, or leave sslmode out of `database`.',
    };
  }
  return isAway(error) ? CANNOT_CONNECT : undefined;
}
