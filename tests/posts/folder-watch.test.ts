/** Which folders are watched, and that they go on being watched wherever they come from. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FolderWatch } from '../../src/posts/folder-watch.ts';

const open: { close: () => void }[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function makeFolder(): string {
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'renga-watch-'))), 'posts');
  mkdirSync(folder);
  open.push({ close: () => rmSync(join(folder, '..'), { recursive: true, force: true }) });
  return folder;
}

/** `told`: resolves when a place was told that is such. */
function watchFolder(folder: string, most?: number) {
  const places: (string | null)[] = [];
  let look = (): void => undefined;
  const tell = (place: string | null): void => {
    places.push(place);
    look();
  };
  const watch = new FolderWatch(folder, tell);
  watch.open(most);
  open.unshift(watch);
  const told = async (place: string): Promise<string> =>
    await new Promise((resolve) => {
      look = () => {
        if (places.includes(place)) resolve(place);
      };
      look();
    });
  return { places, told };
}

describe('FolderWatch', () => {
  it('tells of a file that is written in a folder that was there, one that came, and one that came back under its name', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    const { places, told } = watchFolder(folder);
    writeFileSync(join(folder, 'a', 'b', 'one.md'), '1');
    await told(join(folder, 'a', 'b', 'one.md'));
    mkdirSync(join(folder, 'c'));
    await told(join(folder, 'c'));
    writeFileSync(join(folder, 'c', 'two.md'), '2');
    await told(join(folder, 'c', 'two.md'));
    rmSync(join(folder, 'a'), { recursive: true });
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    await told(join(folder, 'a'));
    writeFileSync(join(folder, 'sign.md'), '3');
    await told(join(folder, 'sign.md'));
    places.length = 0;
    const again = join(folder, 'a', 'b', 'one.md');
    writeFileSync(again, '4');
    expect(await told(again)).toBe(again);
  });

  it('tells under its new name what happens in a folder that was moved, and in those below it', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'old', 'deep'), { recursive: true });
    const { places, told } = watchFolder(folder);
    renameSync(join(folder, 'old'), join(folder, 'new'));
    await told(join(folder, 'new'));
    await told(join(folder, 'old'));
    writeFileSync(join(folder, 'new', 'deep', 'a.md'), 'a');
    await told(join(folder, 'new', 'deep', 'a.md'));
    expect(places).not.toContain(join(folder, 'old', 'deep', 'a.md'));
  });

  it('tells of the folder itself, which may come later', async () => {
    const folder = makeFolder();
    rmSync(folder, { recursive: true });
    const { told } = watchFolder(folder);
    mkdirSync(folder);
    await told(folder);
    const file = join(folder, 'a.md');
    writeFileSync(file, 'a');
    expect(await told(file)).toBe(file);
  });

  it('says nothing of names that are no posts, nor of what lies beside the folder', async () => {
    const folder = makeFolder();
    const { places, told } = watchFolder(folder);
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, '.a.md.swp'), '');
    writeFileSync(join(folder, '..', 'renga.journal'), '');
    writeFileSync(join(folder, 'a.md'), 'a');
    await told(join(folder, 'a.md'));
    expect(new Set(places)).toEqual(new Set([join(folder, 'a.md')]));
  });

  it('watches, of too many folders, those that changed last, and always the first', async () => {
    const folder = makeFolder();
    for (const [name, day] of [
      ['old', 1],
      ['newer', 2],
      ['newest', 3],
    ] as const) {
      mkdirSync(join(folder, name));
      utimesSync(join(folder, name), 86_400 * day, 86_400 * day);
    }
    const { places, told } = watchFolder(folder, 3);
    for (const name of ['old', 'newer', 'newest']) writeFileSync(join(folder, name, 'a.md'), 'a');
    writeFileSync(join(folder, 'a.md'), 'a');
    await told(join(folder, 'newer', 'a.md'));
    await told(join(folder, 'newest', 'a.md'));
    await told(join(folder, 'a.md'));
    expect(places).not.toContain(join(folder, 'old', 'a.md'));
  });
});
