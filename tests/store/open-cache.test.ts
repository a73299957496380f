/** The cache: gives back what was put, or nothing, and never an error. */
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cache } from '../../src/domain/cache.ts';
import { openCache } from '../../src/store/open-cache.ts';

let folder: string;
let file: string;
let opened: Cache[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renga-cache-'));
  file = join(folder, 'var', 'cache.sqlite');
});
afterEach(async () => {
  for (const cache of opened) cache.close();
  opened = [];
  await rm(folder, { recursive: true, force: true });
});

function open(at = file): Cache {
  const cache = openCache(at);
  opened.push(cache);
  return cache;
}

describe('the cache', () => {
  it('keeps what was put, by kind and key, over a restart', () => {
    const first = open();
    first.put(
      'post-file',
      new Map([
        ['a', '{"x":1}'],
        ['b', '2'],
      ]),
    );
    first.put('markdown', new Map([['a', '"text"']]));
    first.close();
    const again = open();
    expect(again.all('post-file')).toEqual(
      new Map([
        ['a', '{"x":1}'],
        ['b', '2'],
      ]),
    );
    expect(again.get('markdown', 'a')).toBe('"text"');
    expect(again.get('markdown', 'b')).toBeNull();
    expect(again.all('other')).toEqual(new Map());
  });

  it('replaces, and removes with null', () => {
    const cache = open();
    cache.put(
      'kind',
      new Map([
        ['a', '1'],
        ['b', '1'],
      ]),
    );
    cache.put(
      'kind',
      new Map([
        ['a', '2'],
        ['b', null],
        ['never', null],
      ]),
    );
    expect(cache.all('kind')).toEqual(new Map([['a', '2']]));
    expect([...cache.each('kind')]).toEqual([['a', '2']]);
  });

  it('shares one file between programs', () => {
    const one = open();
    const other = open();
    one.put('kind', new Map([['a', '1']]));
    other.put('kind', new Map([['b', '2']]));
    expect(one.all('kind')).toEqual(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    );
  });

  it('is for its owner only', () => {
    open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('throws a file away that is no database', async () => {
    const broken = join(folder, 'cache.sqlite');
    await writeFile(broken, 'garbage '.repeat(2000));
    const cache = open(broken);
    cache.put('kind', new Map([['a', '1']]));
    cache.close();
    expect(open(broken).get('kind', 'a')).toBe('1');
  });

  it('throws a file away that another version wrote', () => {
    const first = open();
    first.put('kind', new Map([['a', '1']]));
    first.close();
    const database = new DatabaseSync(file);
    database.exec('pragma user_version = 99');
    database.close();
    const again = open();
    expect(again.all('kind')).toEqual(new Map());
    again.put('kind', new Map([['b', '2']]));
    again.close();
    expect(open().get('kind', 'b')).toBe('2');
  });

  it('goes on when its pages are damaged while nobody looks', async () => {
    const first = open();
    const many = Array.from({ length: 3000 }, (_, index) => [`key ${index}`, 'x'.repeat(50)] as const);
    first.put('kind', new Map(many));
    first.close();
    const bytes = await readFile(file);
    bytes.fill(0x55, 4096);
    await writeFile(file, bytes);
    const again = open();
    expect(again.all('kind')).toEqual(new Map());
    again.put('kind', new Map([['b', '2']]));
    expect(again.all('kind')).toEqual(new Map([['b', '2']]));
  });

  it('swallows what it cannot write, and works without a file', async () => {
    const inTheWay = join(folder, 'file');
    await writeFile(inTheWay, '');
    const cache = open(join(inTheWay, 'cache.sqlite'));
    cache.put('kind', new Map([['a', '1']]));
    expect(cache.get('kind', 'a')).toBe('1');
    expect(existsSync(join(inTheWay, 'cache.sqlite'))).toBe(false);
  });

  it('swallows a write while another program writes, and forgets it', () => {
    const cache = open();
    cache.put('kind', new Map([['a', '1']]));
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    cache.put('kind', new Map([['a', '2']]));
    expect(cache.get('kind', 'a')).toBe('1');
    other.close();
    cache.put('kind', new Map([['a', '3']]));
    expect(cache.get('kind', 'a')).toBe('3');
  });

  it('puts all of a call or nothing', () => {
    const cache = open();
    const wrong = new Map([
      ['a', '1'],
      ['b', Symbol('no text') as unknown as string],
    ]);
    cache.put('kind', wrong);
    expect(cache.all('kind')).toEqual(new Map());
    expect([...cache.each('kind')]).toEqual([]);
    cache.put('kind', new Map([['a', '1']]));
    expect(cache.get('kind', 'a')).toBe('1');
  });

  it('answers and closes after it was closed', () => {
    const cache = open();
    cache.close();
    cache.close();
    expect(cache.get('kind', 'a')).toBeNull();
    cache.put('kind', new Map([['a', '1']]));
  });
});
