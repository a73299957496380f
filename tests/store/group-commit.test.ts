/** Group commit: one sync for many, in order, and the truth for each. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGroupCommit } from '../../src/store/group-commit.ts';

/** A disk that keeps every commit it made. */
function openDisk() {
  const commits: (readonly number[])[] = [];
  const group = openGroupCommit(async (jobs: readonly number[]) => {
    await Promise.resolve();
    if (jobs.includes(13)) throw new Error('disk full');
    commits.push(jobs);
    return jobs.map((job) => job * 10);
  });
  return { commits, group };
}

const nextTurn = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('group commit', () => {
  it('lets a job that nobody waits for go along with the next that somebody does', async () => {
    const commits: (readonly number[])[] = [];
    const commit = async (jobs: readonly number[]) => {
      commits.push(jobs);
      return await Promise.resolve(jobs);
    };
    const group = openGroupCommit(commit, 0);
    const patient = group.addPatiently(1);
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    expect(commits).toEqual([]);
    expect(await group.add(2)).toBe(2);
    expect(await patient).toBe(1);
    expect(commits).toEqual([[1, 2]]);
  });

  it('does not commit for it alone when another commit has just ended', async () => {
    const commits: (readonly number[])[] = [];
    const patient: Promise<number>[] = [];
    const group = openGroupCommit(async (jobs: readonly number[]) => {
      if (commits.length === 0) patient.push(group.addPatiently(2));
      commits.push(jobs);
      return await Promise.resolve(jobs);
    });
    await group.add(1);
    expect(commits).toEqual([[1]]);
    await Promise.all([group.add(3), ...patient]);
    expect(commits).toEqual([[1], [2, 3]]);
  });

  it('lets it wait for no more than a moment, and for nothing when drained', async () => {
    const { commits, group } = openDisk();
    expect(await group.addPatiently(1)).toBe(10);
    const last = group.addPatiently(2);
    await group.drain();
    expect(commits).toEqual([[1], [2]]);
    await last;
  });

  it('commits together what came in one turn, and answers each', async () => {
    const { commits, group } = openDisk();
    const answers = [1, 2, 3].map((job) => group.add(job));
    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
    expect(commits).toEqual([[1, 2, 3]]);
  });

  it('is durable when it answers', async () => {
    const { commits, group } = openDisk();
    await group.add(1);
    expect(commits).toEqual([[1]]);
    await group.add(2);
    expect(commits).toEqual([[1], [2]]);
  });

  it('keeps the order of what was added, however it falls into groups', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('add', 'turn', 'await'), { maxLength: 40 }),
        async (steps) => {
          const { commits, group } = openDisk();
          let job = 100;
          for (const step of steps) {
            if (step === 'turn') await nextTurn();
            const answer = group.add((job += 1));
            if (step === 'await') await answer;
          }
          await group.drain();
          expect(commits.flat()).toEqual(Array.from({ length: job - 100 }, (_, index) => 101 + index));
        },
      ),
    );
  });

  it('tells everyone in a group that failed, and goes on with the next', async () => {
    const { commits, group } = openDisk();
    const failed = await Promise.allSettled([group.add(1), group.add(13)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await group.add(2)).toBe(20);
    expect(commits).toEqual([[2]]);
  });

  it('has nothing to drain when nothing was added', async () => {
    await expect(openDisk().group.drain()).resolves.toBeUndefined();
  });
});
