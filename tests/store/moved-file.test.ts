/** The database file is moved, deleted or replaced under the running program: nothing that is written then counts, and no new one is made in its place. */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { openThreadedStore } from '../../src/store/threaded-store.ts';
import { at, claimOne, prepareDigest, worker } from './samples.ts';

const MOVED = /was moved or deleted while in use/;

async function makeFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-moved-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'renga.db');
}

describe.each([
  ['in the program', openStore],
  ['in a thread', openThreadedStore],
] as const)('a database that is written %s', (_, open) => {
  it.each(['deleted', 'moved', 'replaced'] as const)('and %s', async (fate) => {
    const file = await makeFile();
    const store = await open({ location: file, now: at('08:00') });
    onTestFinished(() => store.close());
    await prepareDigest(store, ['ann', 'bob']);
    const held = await claimOne(store);
    if (fate === 'deleted') await rm(file);
    else await rename(file, `${file}.away`);
    if (fate === 'replaced') await copyFile(`${file}.away`, file);
    await expect(store.ledger.mark(held, at('09:01'))).rejects.toThrow(MOVED);
    expect(existsSync(file)).toBe(fate === 'replaced');
    // Put back, it is trusted when the program starts again: others may have used it meanwhile.
    if (fate === 'moved') await rename(`${file}.away`, file);
    await expect(store.ledger.raiseEpoch()).rejects.toThrow(MOVED);
  });
});

it('is not made anew by the thread that opens it later', async () => {
  const file = await makeFile();
  const store = await openThreadedStore({ location: file, now: at('08:00') });
  onTestFinished(() => store.close());
  await rm(file);
  await expect(store.ledger.enlist(worker('first'), at('08:00'))).rejects.toThrow(MOVED);
  expect(existsSync(file)).toBe(false);
});
