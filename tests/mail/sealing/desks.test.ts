/** A process in place of threads: tried on a long list only, kept only where it signs faster, and its death costs nothing. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compileMessage } from '../../../src/mail/compile-message.ts';
import type { SigningKey } from '../../../src/mail/dkim/signing-key.ts';
import { renderSlots } from '../../../src/mail/personalise.ts';
import { openSealer, type Sealer } from '../../../src/mail/sealing/open-sealer.ts';
import { DIGEST, HEAD, PERSONAL } from '../sample-message.ts';

const CONTENT = { name: '1 all', mime: await compileMessage(HEAD, DIGEST) };
const KEY: SigningKey = {
  domain: 'example.org',
  selector: 'first',
  algorithm: 'rsa-sha256',
  key: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
};
const PACED = new URL('paced-process.mjs', import.meta.url).href;
/** From here on a process may be tried. */
const LONG = 500;
/** Copies of a process; its trial is over long before. */
const ENOUGH = 200;

type Told = { readonly pid: number; readonly asked: number };

async function openTrial(environment: Readonly<Record<string, string>>): Promise<{
  readonly sealer: Sealer;
  /** Of the process that was tried: its number and the copies it was asked for; null where none was tried. */
  readonly readTold: () => Told | null;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-desks-'));
  const told = join(folder, 'pid');
  const sealer = openSealer({
    keys: [KEY],
    desks: 1,
    swiftEnvironment: { NODE_OPTIONS: `--import=${PACED}`, PACE: '0', TOLD: told, ...environment },
  });
  onTestFinished(async () => {
    await sealer.close();
    await rm(folder, { recursive: true });
  });
  const readTold = (): Told | null => {
    if (!existsSync(told)) return null;
    const [pid = 0, asked = 0] = readFileSync(told, 'utf8').split(' ').map(Number);
    return pid > 0 ? { pid, asked } : null;
  };
  return { sealer, readTold };
}

const open = (): Sealer => {
  const sealer = openSealer({ keys: [KEY], desks: 1, swiftEnvironment: null });
  onTestFinished(async () => await sealer.close());
  return sealer;
};

/** So many copies, a few at a time, as connections take them. Each with what a reader would get. */
async function sealMany(sealer: Sealer, from: number, to: number): Promise<readonly string[]> {
  const copies: string[] = [];
  let next = from;
  const line = async (): Promise<void> => {
    while (next < to) {
      const number = next;
      next += 1;
      const slots = renderSlots({ ...PERSONAL, token: `token-${number}` });
      const copy = await sealer.seal(CONTENT, slots, 'first');
      if (copy.kind !== 'sealed') throw new Error(copy.kind);
      copies[number - from] = Buffer.concat(copy.parts).toString('latin1');
    }
  };
  await Promise.all(Array.from({ length: 8 }, line));
  return copies;
}

/** However long a process takes to start here. */
async function sealUntil(sealer: Sealer, isDone: () => boolean): Promise<readonly string[]> {
  const copies: string[] = [];
  while (!isDone()) copies.push(...(await sealMany(sealer, copies.length, copies.length + 100)));
  return copies;
}

/** It was there, and is no more. */
function isOver(told: Told | null): boolean {
  if (told === null) return false;
  try {
    return !process.kill(told.pid, 0);
  } catch {
    return true;
  }
}

describe('the desks of a sealer', () => {
  it('are threads on a short list', async () => {
    const { sealer, readTold } = await openTrial({});
    await sealMany(sealer, 0, LONG - 1);
    expect(readTold()).toBeNull();
  });

  it('give way to a process that signs faster, and every copy is the one a thread would have made', async () => {
    const { sealer, readTold } = await openTrial({ PACE: '0' });
    const copies = await sealUntil(sealer, () => (readTold()?.asked ?? 0) > ENOUGH);
    expect(copies).toEqual(await sealMany(open(), 0, copies.length));
    const before = readTold()?.asked ?? 0;
    await sealMany(sealer, 0, LONG);
    expect(readTold()?.asked).toBe(before + LONG);
    await sealer.close();
    expect(isOver(readTold())).toBe(true);
  });

  it('stay where the process is not faster, and it goes', async () => {
    const { sealer, readTold } = await openTrial({ PACE: '1000' });
    await sealUntil(sealer, () => isOver(readTold()));
    expect((await sealMany(sealer, 0, LONG)).filter(Boolean)).toHaveLength(LONG);
  });

  it('make what a dead process was asked for', async () => {
    const { sealer, readTold } = await openTrial({ PACE: '0', DIES_AT: '200' });
    const copies = await sealUntil(sealer, () => isOver(readTold()));
    expect(copies).toEqual(await sealMany(open(), 0, copies.length));
  });

  it('stay where no process can be started', async () => {
    const { sealer } = await openTrial({ NODE_OPTIONS: '--no-such-option' });
    expect((await sealMany(sealer, 0, 4 * LONG)).filter(Boolean)).toHaveLength(4 * LONG);
  });
});
