/** A PostgreSQL for one measurement, from the installed binaries: its own folder, a free port, as durable as it comes, gone after it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { findFreePort } from './open-sink.ts';
import { endProgram, findProgram, runProgram } from './programs.ts';

/** Where Debian keeps the versions it has. */
const DEBIAN = '/usr/lib/postgresql';
const STARTS_WITHIN = 30_000;

export type PostgresServer = {
  /** Makes an empty database. Its URL. */
  readonly makeDatabase: (name: string) => Promise<string>;
};

/** Null where PostgreSQL is not installed. */
export async function withPostgres<T>(use: (server: PostgresServer) => Promise<T>): Promise<T | null> {
  const binaries = findBinaries();
  if (binaries === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'renga-postgres-'));
  try {
    const password = randomBytes(12).toString('hex');
    await initialise(binaries, folder, password);
    return await serve({ binaries, folder, password }, use);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function findBinaries(): string | null {
  const versions = readVersions().toSorted((a, b) => Number(b) - Number(a));
  if (versions[0] !== undefined) return join(DEBIAN, versions[0], 'bin');
  return findProgram('initdb')?.replace(/\/initdb$/, '') ?? null;
}

function readVersions(): readonly string[] {
  try {
    return readdirSync(DEBIAN);
  } catch {
    return [];
  }
}

async function initialise(binaries: string, folder: string, password: string): Promise<void> {
  await chmod(folder, 0o755);
  const secret = join(folder, 'secret');
  await writeFile(secret, password);
  if (isRoot()) await runProgram('chown', ['postgres', folder, secret]);
  const access = ['-U', 'renga', '-A', 'scram-sha-256', '--pwfile', secret];
  const [program, args] = asPostgres(join(binaries, 'initdb'), [
    '-D',
    join(folder, 'data'),
    '-E',
    'UTF8',
    ...access,
  ]);
  await runProgram(program, args);
}

async function serve<T>(
  {
    binaries,
    folder,
    password,
  }: { readonly binaries: string; readonly folder: string; readonly password: string },
  use: (server: PostgresServer) => Promise<T>,
): Promise<T> {
  const port = await findFreePort();
  const data = ['-D', join(folder, 'data'), '-k', folder, '-p', String(port)];
  const [program, args] = asPostgres(join(binaries, 'postgres'), [
    ...data,
    '-c',
    'listen_addresses=127.0.0.1',
  ]);
  const server = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  const url = (database: string): string => `postgres://renga:${password}@127.0.0.1:${port}/${database}`;
  try {
    await waitUntilUp(url('postgres'));
    return await use({
      makeDatabase: async (name) => {
        await ask(url('postgres'), `create database ${name}`);
        return url(name);
      },
    });
  } finally {
    // SIGINT is its fast shutdown; SIGTERM would wait for its clients.
    server.kill('SIGINT');
    await endProgram(server);
  }
}

async function waitUntilUp(url: string): Promise<void> {
  const until = Date.now() + STARTS_WITHIN;
  for (;;) {
    try {
      await ask(url, 'select 1');
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await wait(50);
    }
  }
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** PostgreSQL refuses to run as root. */
function asPostgres(program: string, args: readonly string[]): [string, readonly string[]] {
  if (!isRoot()) return [program, args];
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
