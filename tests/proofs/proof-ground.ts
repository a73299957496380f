/** What the proofs of one file share: a publication prepared once, copied for each test, and a counting server for each. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { InDoubtPolicy } from '../../src/domain/delivery.ts';
import { beginCampaign, type Campaign } from './campaign.ts';
import { openLedgerServer } from './open-ledger-server.ts';
import { configure, preparePublication, type Publication } from './prepare-publication.ts';

export type Ground = {
  /** A campaign on a fresh copy of the publication. */
  readonly open: (options?: {
    readonly inDoubt?: InDoubtPolicy;
    readonly connections?: number;
  }) => Promise<Campaign>;
};

export const CONNECTIONS = 4;

/** `makeDatabase`: gives the URL of a new, empty database. By default each publication has its SQLite file, prepared once and copied. */
export function prepareGround(subscribers: number, makeDatabase?: () => Promise<string>): Ground {
  let prepared: Promise<Prepared> | null = null;
  afterAll(async () => {
    if (prepared !== null) await remove((await prepared).folder);
  });
  const takeCopy = async (): Promise<Prepared> => {
    prepared ??= prepare(subscribers, null);
    const { publication, database } = await prepared;
    const folder = await makeFolder();
    const root = join(folder, 'blog');
    await cp(publication.root, root, { recursive: true });
    return { folder, publication: { root, audience: publication.audience }, database };
  };
  return {
    open: async ({ inDoubt = 'retry', connections = CONNECTIONS } = {}) => {
      const own = makeDatabase ? await prepare(subscribers, await makeDatabase()) : await takeCopy();
      const { folder, publication, database } = own;
      const server = await openLedgerServer(folder);
      onTestFinished(async () => {
        await server.close();
        await remove(folder);
      });
      const { root } = publication;
      await configure(root, { folder, port: server.port, subscribers, connections, inDoubt, database });
      return beginCampaign(server, publication);
    },
  };
}

type Prepared = {
  readonly folder: string;
  readonly publication: Publication;
  readonly database: string | null;
};

async function prepare(subscribers: number, database: string | null): Promise<Prepared> {
  const folder = await makeFolder();
  const plain = { folder, port: 0, subscribers, connections: CONNECTIONS, inDoubt: 'retry' } as const;
  return { folder, publication: await preparePublication({ ...plain, database }), database };
}

async function makeFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'renga-proof-'));
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
