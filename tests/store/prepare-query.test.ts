/** Queries that are asked at once keep to their transaction. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Pause } from '../../src/domain/pause.ts';
import type { Connection } from '../../src/store/connection.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/all.ts';
import { openSqlite } from '../../src/store/open-sqlite.ts';
import { readPauses, writePause } from '../../src/store/pause-records.ts';
import { at } from './samples.ts';

const PAUSE: Pause = {
  scope: { kind: 'all' },
  reason: 'a look at the post',
  hint: 'renga digests resume',
  since: at('09:00'),
  until: null,
};

let folder: string;
let connection: Connection;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-prepare-'));
  connection = await openSqlite(join(folder, 'renga.db'));
  await migrate(connection, 0, MIGRATIONS);
});
afterEach(async () => {
  await connection.close();
  await rm(folder, { recursive: true });
});

it('sees what its own transaction wrote', async () => {
  const reasons = await connection.write(async (tx) => {
    await writePause(tx, PAUSE);
    return (await readPauses(tx)).map(({ reason }) => reason);
  });
  expect(reasons).toEqual([PAUSE.reason]);
});

it('never looks into somebody else’s transaction', async () => {
  const reading: ReturnType<typeof readPauses>[] = [];
  const writing = connection.write(async (tx) => {
    await writePause(tx, PAUSE);
    reading.push(readPauses(connection.db));
    await turn();
    throw new Error('taken back');
  });
  await expect(writing).rejects.toThrow('taken back');
  expect(await Promise.all(reading)).toEqual([[]]);
});
