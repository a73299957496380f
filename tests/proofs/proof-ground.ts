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

export function prepareGround(subscribers: number): Ground {
  let prepared: Promise<{ readonly folder: string; readonly publication: Publication }> | null = null;
  afterAll(async () => {
    if (prepared !== null) await remove((await prepared).folder);
  });
  return {
    open: async ({ inDoubt = 'retry', connections = CONNECTIONS } = {}) => {
      prepared ??= prepare(subscribers);
      const { publication } = await prepared;
      const folder = await makeFolder();
      const root = join(folder, 'blog');
      await cp(publication.root, root, { recursive: true });
      const server = await openLedgerServer(folder);
      onTestFinished(async () => {
        await server.close();
        await remove(folder);
      });
      await configure(root, { folder, port: server.port, subscribers, connections, inDoubt });
      return beginCampaign(server, { root, audience: publication.audience });
    },
  };
}

async function prepare(
  subscribers: number,
): Promise<{ readonly folder: string; readonly publication: Publication }> {
  const folder = await makeFolder();
  const publication = await preparePublication({
    folder,
    port: 0,
    subscribers,
    connections: CONNECTIONS,
    inDoubt: 'retry',
  });
  return { folder, publication };
}

async function makeFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'renga-proof-'));
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
