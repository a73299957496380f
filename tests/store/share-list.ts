/** Real programs, started at the same moment on one database with a list to deliver; counted on the mail server's side. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Taken } from '../proofs/ledger-lines.ts';
import { openLedgerServer } from '../proofs/open-ledger-server.ts';
import { configure, preparePublication } from '../proofs/prepare-publication.ts';
import { type Ended, runRenga } from '../proofs/run-renga.ts';

export type Shared = {
  readonly audience: readonly string[];
  readonly ended: readonly Ended[];
  /** Whom the server has a message for, one for each message. */
  readonly taken: readonly Taken[];
};

/** `database`: a `postgres:` URL, or null for a file. One connection each, so that all of them come to work. */
export async function shareList(
  programs: number,
  subscribers: number,
  database: string | null,
): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-share-'));
  const server = await openLedgerServer(folder);
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const preparation = {
    folder,
    port: server.port,
    subscribers,
    connections: 1,
    inDoubt: 'retry',
    database,
  } as const;
  const { root, audience } = await preparePublication(preparation);
  await configure(root, preparation);
  // An hour later, when the pause of the preparation is over.
  const ended = await Promise.all(
    Array.from({ length: programs }, () => runRenga(root, ['deliver', '--json'], { hours: 1 })),
  );
  const taken = (await server.lines()).filter((line) => line.at === 'taken');
  return { audience, ended, taken };
}
