/** A publication with one frozen digest, nothing of it delivered, made with the real program. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InDoubtPolicy } from '../../src/domain/delivery.ts';
import { runRenga } from './run-renga.ts';

export type Preparation = {
  readonly folder: string;
  /** Where the counting server listens. */
  readonly port: number;
  readonly subscribers: number;
  readonly connections: number;
  readonly inDoubt: InDoubtPolicy;
  /** A `postgres:` URL, or null for the SQLite file of a publication. */
  readonly database?: string | null;
};

export type Publication = { readonly root: string; readonly audience: readonly string[] };

/** Nobody listens there, so the first run freezes, finds no server and pauses for a minute. */
const NOWHERE = 9;
const HAIKU = ['a disk fills at night', 'nobody is there to see', 'the ledger adds up'];

export async function preparePublication(preparation: Preparation): Promise<Publication> {
  const { folder, subscribers } = preparation;
  const root = join(folder, 'blog');
  const audience = Array.from({ length: subscribers }, (_, index) => `reader${index}@example.org`);
  await mkdir(join(root, 'config'), { recursive: true });
  await writePost(root);
  await writeFile(join(folder, 'list.txt'), audience.join('\n'));
  await configure(root, { ...preparation, port: NOWHERE });
  const imported = await runRenga(root, [
    'subscribers',
    'import',
    join(folder, 'list.txt'),
    '--confirmed',
    '--yes',
  ]);
  const frozen = await runRenga(root, ['publish', '--digest', '--yes', '--json']);
  if (imported.code !== 0 || frozen.code !== 0) {
    throw new Error(`not prepared: ${imported.error}\n${frozen.out}\n${frozen.error}`);
  }
  await configure(root, preparation);
  return { root, audience };
}

/** The settings of a run: where the server is, and what becomes of doubt. Retries go on for weeks, as the clocks of these tests do. */
export async function configure(root: string, preparation: Preparation): Promise<void> {
  const { port, connections, inDoubt, database = null } = preparation;
  const lines = [
    'publication: { title: Proofs, zone: UTC, url: "https://proofs.example/" }',
    'from: Proofs <proofs@proofs.example>',
    `smtp: { url: "smtp://127.0.0.1:${port}", connections: ${connections} }`,
    'series: { weekly: { schedule: Monday 09:00, backlog: include, body: full } }',
    `delivery: { inDoubt: ${inDoubt}, retry: 60d }`,
    ...(database === null ? [] : [`database: "${database}"`]),
  ];
  await writeFile(join(root, 'config', 'renga.yaml'), `${lines.join('\n')}\n`);
}

/** Long enough that a body comes in several reads of a socket. */
async function writePost(root: string): Promise<void> {
  await mkdir(join(root, 'posts'), { recursive: true });
  const paragraph = `${'Every sync is a promise, and every promise has a cost. '.repeat(20)}\n\n`;
  await writeFile(join(root, 'posts', 'ledger.md'), `${HAIKU.join('\n')}\n\n${paragraph.repeat(40)}`);
}
