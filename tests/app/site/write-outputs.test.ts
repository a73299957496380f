/** What stands in `public/`: files whole, old or new; only what changed is written, and only what is ours is removed. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OutputMemory } from '../../../src/app/site/output-memory.ts';
import { writeOutputs } from '../../../src/app/site/write-outputs.ts';
import type { Output } from '../../../src/domain/output.ts';
import { memoryCache } from '../../posts/publication-folder.ts';

const output = (path: string, text: string): Output => ({
  path,
  fingerprint: `${path} ${text}`,
  render: async () => await Promise.resolve(text),
});

function makePlace() {
  const folder = mkdtempSync(join(tmpdir(), 'renga-outputs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = { folder, cache: memoryCache(), dryRun: false };
  const write = async (...outputs: readonly Output[]): Promise<readonly string[]> => {
    const changes = await writeOutputs(place, [outputs]);
    return changes.map(({ path, change }) => `${change} ${path}`);
  };
  return { folder, place, write, read: (path: string) => readFileSync(join(folder, path), 'utf8') };
}

describe('writeOutputs', () => {
  it('writes what is new or changed, and leaves the rest alone', async () => {
    const { folder, write, read } = makePlace();
    expect(await write(output('a/index.html', 'a'), output('b.xml', 'b'))).toEqual([
      'added a/index.html',
      'added b.xml',
    ]);
    const before = statSync(join(folder, 'a/index.html'), { bigint: true });
    expect(await write(output('a/index.html', 'a'), output('b.xml', 'B'))).toEqual([
      'unchanged a/index.html',
      'changed b.xml',
    ]);
    expect(read('b.xml')).toBe('B');
    expect(statSync(join(folder, 'a/index.html'), { bigint: true })).toEqual(before);
    expect(readdirSync(folder)).toEqual(['a', 'b.xml']);
  });

  it('replaces a file under its name: who reads the old one reads it to its end', async () => {
    const { folder, write } = makePlace();
    await write(output('a.xml', 'old'));
    const { ino } = statSync(join(folder, 'a.xml'));
    await write(output('a.xml', 'new'));
    expect(statSync(join(folder, 'a.xml')).ino).not.toBe(ino);
  });

  it('leaves old files where one cannot be made, and sweeps what was left behind', async () => {
    const { folder, place, write, read } = makePlace();
    await write(output('a.xml', 'old'));
    mkdirSync(join(folder, '.renga-new'));
    writeFileSync(join(folder, '.renga-new', 'half'), 'ha');
    const broken = { ...output('a.xml', 'new'), render: async () => await Promise.reject(new Error('no')) };
    await expect(writeOutputs(place, [[broken]])).rejects.toThrow('no');
    expect(read('a.xml')).toBe('old');
    await write(output('a.xml', 'new'));
    expect(existsSync(join(folder, '.renga-new'))).toBe(false);
  });

  it('remembers what it wrote before one could not be made', async () => {
    const { place, write } = makePlace();
    const broken = { ...output('b.xml', 'b'), render: async () => await Promise.reject(new Error('no')) };
    await expect(writeOutputs(place, [[output('a.xml', 'a'), broken]])).rejects.toThrow('no');
    const again = { ...output('a.xml', 'a'), render: async () => await Promise.reject(new Error('again')) };
    expect(await write(again, output('b.xml', 'b'))).toEqual(['unchanged a.xml', 'added b.xml']);
  });

  it('asks again for what an output had nothing for, and not for what it made', async () => {
    const { folder, place } = makePlace();
    const memory = new OutputMemory();
    const round = async (made: string | null): Promise<readonly string[]> => {
      const asked: string[] = [];
      const asking = (path: string, text: string | null): Output => ({
        path,
        fingerprint: path,
        render: async () => {
          asked.push(path);
          return await Promise.resolve(text);
        },
      });
      await writeOutputs({ ...place, memory }, [[asking('a.xml', 'a'), asking('b.xml', made)]]);
      memory.areFilesInDoubt = false;
      return asked;
    };
    expect(await round('b')).toEqual(['a.xml', 'b.xml']);
    writeFileSync(join(folder, 'b.xml'), 'mine');
    expect(await round(null)).toEqual([]);
    memory.areFilesInDoubt = true;
    expect(await round(null)).toEqual(['b.xml']);
    expect(await round(null)).toEqual(['b.xml']);
    expect(await round('b')).toEqual(['b.xml']);
    expect(await round('b')).toEqual([]);
  });

  it('removes what nobody makes any more, unless somebody made it theirs', async () => {
    const { folder, write, read } = makePlace();
    await write(output('a/index.html', 'a'), output('b/index.html', 'b'));
    writeFileSync(join(folder, 'b/index.html'), 'mine');
    expect(await write()).toEqual(['removed a/index.html']);
    expect(existsSync(join(folder, 'a'))).toBe(false);
    expect(read('b/index.html')).toBe('mine');
  });

  it('changes nothing for a plan', async () => {
    const { folder, place, write } = makePlace();
    await write(output('a.xml', 'a'));
    const plan = await writeOutputs({ ...place, dryRun: true }, [[output('b.xml', 'b')]]);
    expect(plan.map(({ path, change }) => `${change} ${path}`)).toEqual(['added b.xml', 'removed a.xml']);
    expect(readdirSync(folder)).toEqual(['a.xml']);
  });

  it('places many in a thread, as it places few', async () => {
    const { folder, place, write, read } = makePlace();
    const many = Array.from({ length: 400 }, (_, index) => output(`${index}/index.html`, `é ${index}`));
    const long = output('long.xml', 'x'.repeat(60_000));
    const memory = new OutputMemory();
    const changes = await writeOutputs({ ...place, memory }, [[...many, long]]);
    expect(new Set(changes.map(({ change }) => change))).toEqual(new Set(['added']));
    expect([read('7/index.html'), read('399/index.html'), read('long.xml').length]).toEqual([
      'é 7',
      'é 399',
      60_000,
    ]);
    expect(memory.fileAt('399/index.html')).toMatchObject({
      size: statSync(join(folder, '399/index.html')).size,
    });
    expect(readdirSync(folder)).not.toContain('.renga-new');
    expect(new Set((await write(...many, long)).map((line) => line.split(' ')[0]))).toEqual(
      new Set(['unchanged']),
    );
  });

  it('fails with the system’s words where one of many cannot be placed', async () => {
    const { folder, write } = makePlace();
    writeFileSync(join(folder, '200'), 'a file where a folder should be');
    const many = Array.from({ length: 400 }, (_, index) => output(`${index}/index.html`, 'x'));
    await expect(write(...many)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('knows the stamp of each file as it stands', async () => {
    const { folder, place } = makePlace();
    const memory = new OutputMemory();
    await writeOutputs({ ...place, memory }, [[output('a.xml', 'abc')]]);
    const { mtimeMs, ctimeMs } = statSync(join(folder, 'a.xml'));
    expect(memory.fileAt('a.xml')).toMatchObject({ size: 3, modified: mtimeMs, changed: ctimeMs });
  });
});
