/** The lock: one at a time, between real programs, and free when its holder is killed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { openLock } from '../../src/store/open-lock.ts';
import { runChild } from './run-child.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-lock-'));
  file = join(folder, 'var', 'publish.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nothing = async () => 'done';

describe('the lock', () => {
  it('runs the work, gives its value, and lets go', async () => {
    const lock = openLock(file);
    expect(await lock.hold(0, nothing)).toBe('done');
    expect(await lock.hold(0, nothing)).toBe('done');
  });

  it('lets go when the work fails', async () => {
    const lock = openLock(file);
    await expect(lock.hold(0, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await lock.hold(0, nothing)).toBe('done');
  });

  it('lets one in at a time, also within one program', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      inside -= 1;
    };
    const locks = [openLock(file), openLock(file)];
    await Promise.all([0, 1, 0, 1, 0].map((index) => locks[index]!.hold(20_000, work)));
    expect(most).toBe(1);
  });

  it('says who waits for what when its turn does not come', async () => {
    const child = runChild('hold-lock', file);
    expect(await child.firstLine).toBe('held');
    await expect(openLock(file).hold(60, nothing)).rejects.toThrow(OperatorError);
    await expect(openLock(file).hold(0, nothing)).rejects.toThrow(/another renga is at work/);
    await child.kill();
  });

  it('is free the moment its holder is killed', async () => {
    const child = runChild('hold-lock', file);
    await child.firstLine;
    const order: string[] = [];
    const waiting = openLock(file).hold(20_000, async () => order.push('held'));
    order.push('killed');
    await child.kill();
    await waiting;
    expect(order).toEqual(['killed', 'held']);
  });

  it('is still held after others of its own program have tried', async () => {
    const lock = openLock(file);
    await lock.hold(0, async () => {
      await expect(openLock(file).hold(0, nothing)).rejects.toThrow(OperatorError);
      const stranger = runChild('hold-lock', file);
      expect(await stranger.firstLine).toBe('refused');
    });
  });

  it('refuses a file that is something else', async () => {
    const other = join(folder, 'notes.txt');
    await writeFile(other, 'not a lock '.repeat(1000));
    await expect(openLock(other).hold(0, nothing)).rejects.toThrow(OperatorError);
  });

  it('refuses a place where no file can be', async () => {
    const other = join(folder, 'notes.txt');
    await writeFile(other, '');
    await expect(openLock(join(other, 'lock')).hold(0, nothing)).rejects.toThrow(OperatorError);
  });
});
