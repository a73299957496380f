/** A real PostgreSQL, made for one test file and gone after it: its own folder, a free port, nothing of the machine's own server touched. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import type { Database } from '../store/databases.ts';

const run = promisify(execFile);
/** Where Debian keeps the versions it has. */
const DEBIAN = '/usr/lib/postgresql';
const PASSWORD = 's3cr3t';

export type Cluster = {
  readonly port: () => number;
  /** For the database of that name, as the owner of all. */
  readonly url: (database: string) => string;
  /** Makes an empty database. */
  readonly makeDatabase: () => Promise<string>;
  /** Asks the server, as its superuser. */
  readonly ask: (sql: string, database?: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly start: () => Promise<void>;
  /** `immediate` is a crash: nothing is finished. */
  readonly stop: (how: 'fast' | 'immediate') => Promise<void>;
  readonly database: Database;
};

/** Starts one before the tests of a file and removes it after them. */
export function useCluster(): Cluster {
  let folder = '';
  let port = 0;
  let server: ChildProcess | null = null;
  let made = 0;
  const url = (database: string) => `postgres://renga:${PASSWORD}@127.0.0.1:${port}/${database}`;
  const start = async (): Promise<void> => {
    server = await startServer(folder, port);
    await waitUntilUp(url('postgres'));
  };
  const stop = async (how: 'fast' | 'immediate'): Promise<void> => {
    const gone = new Promise((resolve) => server?.once('exit', resolve));
    server?.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await gone;
    server = null;
  };
  const ask: Cluster['ask'] = async (sql, database = 'postgres') => {
    const client = new Client({ connectionString: url(database) });
    // A test that ends all sessions may end another's question, which then fails where it is awaited.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const makeDatabase = async (): Promise<string> => {
    const name = `renga_${(made += 1)}`;
    await ask(`create database ${name}`);
    return name;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(await findRoom(), 'renga-postgres-'));
    port = await findFreePort();
    await makeCluster(folder);
    await start();
  });
  afterAll(async () => {
    if (server !== null) await stop('immediate');
    await rm(folder, { recursive: true, force: true });
  });
  const makeLocation = async () => {
    const name = await makeDatabase();
    return {
      location: url(name),
      remove: async () => void (await ask(`drop database ${name} with (force)`)),
    };
  };
  const database: Database = { name: 'PostgreSQL', rounds: 2, makeLocation };
  return { port: () => port, url, makeDatabase, ask, start, stop, database };
}

const MEMORY = '/dev/shm';
/** More than a server's log and its few hundred small databases ever take. */
const ROOM_BYTES = 4e9;

/**
 * In memory, where there is room: hundreds of databases on a disk that is slow to sync take minutes. Killing a server, which tests do, loses nothing
 * there either; what only a power cut would lose they cannot see on any disk.
 */
async function findRoom(): Promise<string> {
  const memory = await statfs(MEMORY).catch(() => null);
  return memory && memory.bavail * memory.bsize > ROOM_BYTES ? MEMORY : tmpdir();
}

/** PostgreSQL refuses to run as root. */
async function asPostgres(
  command: string,
  ...args: readonly string[]
): Promise<readonly [string, readonly string[]]> {
  const versions = (await readdir(DEBIAN).catch(() => [])).toSorted((a, b) => Number(b) - Number(a));
  if (versions[0] === undefined) throw new Error('PostgreSQL is missing: install the package postgresql');
  const program = join(DEBIAN, versions[0], 'bin', command);
  return process.getuid?.() === 0
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]]
    : [program, args];
}

async function makeCluster(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  const secret = join(folder, 'secret');
  await writeFile(secret, PASSWORD);
  if (process.getuid?.() === 0) await run('chown', ['postgres', folder, secret]);
  const [program, args] = await asPostgres(
    'initdb',
    '-D',
    join(folder, 'data'),
    '-U',
    'renga',
    '-A',
    'scram-sha-256',
    '--pwfile',
    secret,
    '-E',
    'UTF8',
    // A language whose order is not that of bytes.
    '--locale=C.UTF-8',
    '--locale-provider=icu',
    '--icu-locale=en',
  );
  await run(program, [...args], { cwd: folder });
}

async function startServer(folder: string, port: number): Promise<ChildProcess> {
  const [program, args] = await asPostgres(
    'postgres',
    '-D',
    join(folder, 'data'),
    '-p',
    String(port),
    '-k',
    folder,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'max_connections=60',
    '-c',
    'log_min_messages=fatal',
  );
  return spawn(program, [...args], { cwd: folder, stdio: 'ignore' });
}

async function waitUntilUp(url: string): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    try {
      await client.connect();
      return;
    } catch {
      await new Promise((resolve) => void setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
