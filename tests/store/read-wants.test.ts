import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/all.ts';
import { openSqlite } from '../../src/store/open-sqlite.ts';
import { selectWants } from '../../src/store/read-wants.ts';

/** More than a statement can have parameters, in either database. */
const DIGESTS = 70_000;

it('looks for what was had in any number of digests', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renga-wants-'));
  const connection = await openSqlite(join(folder, 'renga.db'));
  try {
    await migrate(connection, 0, MIGRATIONS);
    const digests = Array.from({ length: DIGESTS }, (_, index) => index + 1);
    const query = selectWants(
      connection.db,
      { series: 'each', now: 0 },
      { held: new Map(), digests, tags: null },
    );
    expect(await query.execute()).toEqual([]);
  } finally {
    await connection.close();
    await rm(folder, { recursive: true });
  }
});
