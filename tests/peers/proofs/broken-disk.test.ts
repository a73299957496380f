/** A disk that is full, read-only, or fails to sync: the program stops sending, says so, and has the rest when the disk is well again. */
import { execFile } from 'node:child_process';
import { cp, mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Campaign, countStates, deliverRest, deliverToFailure, judge } from '../../proofs/campaign.ts';
import { prepareGround } from '../../proofs/proof-ground.ts';

const SUBSCRIBERS = 60;
const ground = prepareGround(SUBSCRIBERS);
const run = promisify(execFile);

async function asRoot(...words: readonly string[]): Promise<void> {
  const [command = '', ...rest] = process.getuid?.() === 0 ? words : ['sudo', '-n', ...words];
  await run(command, rest);
}

/** Puts the state on a small disk of its own. */
async function mountState({ publication: { root } }: Campaign): Promise<string> {
  const state = join(root, 'var');
  await rename(state, join(root, 'state'));
  await mkdir(state);
  const options = `size=3m,mode=700,uid=${process.getuid?.() ?? 0}`;
  await asRoot('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', state);
  onTestFinished(() => asRoot('umount', state));
  await cp(join(root, 'state'), state, { recursive: true });
  return state;
}

async function finishAndJudge(campaign: Campaign): Promise<void> {
  await deliverRest(campaign);
  const { wrong, deliveries } = await judge(campaign);
  expect({ wrong, states: countStates(deliveries) }).toEqual({
    wrong: [],
    states: { accepted: SUBSCRIBERS },
  });
}

async function countTaken({ server }: Campaign): Promise<number> {
  return (await server.lines()).filter(({ at }) => at === 'taken').length;
}

describe('the disk', () => {
  it('is full in the middle of a run', async () => {
    const campaign = await ground.open();
    const state = await mountState(campaign);
    const { bavail, bsize } = await statfs(state);
    // Room for some commits, and no more.
    await writeFile(join(state, 'filler'), Buffer.alloc(bavail * bsize - 160 * 1024));
    const { code, error } = await deliverToFailure(campaign);
    expect({ code, error }).toEqual({ code: 2, error: expect.stringMatching(/the disk is full/) });
    const taken = await countTaken(campaign);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(SUBSCRIBERS);
    await rm(join(state, 'filler'));
    await finishAndJudge(campaign);
  });

  it('is read-only', async () => {
    const campaign = await ground.open();
    const state = await mountState(campaign);
    await asRoot('mount', '-o', 'remount,ro', state);
    const { code, error } = await deliverToFailure(campaign);
    expect({ code, error }).toEqual({
      code: 2,
      error: expect.stringMatching(/cannot be (?:written|opened)/),
    });
    expect(await campaign.server.lines()).toEqual([]);
    await asRoot('mount', '-o', 'remount,rw', state);
    await finishAndJudge(campaign);
  });

  it.each([2, 9, 30])('does not sync from the %ith time on', async (nth) => {
    const campaign = await ground.open();
    const log = join(campaign.publication.root, 'var', 'renga.db-wal');
    const inject = `inject=fsync,fdatasync:error=EIO:when=${nth}+`;
    const trace = ['-e', 'trace=fsync,fdatasync', '-e', inject, '-P', log, '-o', '/dev/null'];
    const { code, error } = await deliverToFailure(campaign, ['strace', '-f', ...trace]);
    expect({ code, error }).toEqual({ code: 2, error: expect.stringMatching(/the disk failed/) });
    expect(await countTaken(campaign)).toBeLessThan(SUBSCRIBERS);
    await finishAndJudge(campaign);
  });
});
