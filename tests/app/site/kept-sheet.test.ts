/** A sheet gives the rows that were written last under each key, or says that it does not know. */
import { assert, constantFrom, array, integer, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import {
  openSheet,
  type Sheet,
  type SheetRow,
  writeLate,
  writeSheet,
} from '../../../src/app/site/kept-sheet.ts';
import { Forgotten } from '../../../src/domain/forgotten.ts';
import { memoryCache } from '../../posts/publication-folder.ts';

const PLACE = { kind: 'site', name: 'posts', writing: 'first', width: 3 };

function readAll(sheet: Sheet | null): readonly (readonly unknown[])[] | undefined {
  return sheet?.rows.map((row) => [0, 1, 2].map((column) => sheet.column(column)[row]));
}

function keep(rows: readonly SheetRow[], late: readonly SheetRow[] = [], place = PLACE) {
  const cache = memoryCache();
  const { blocks } = writeSheet(cache, place, rows);
  cache.put(place.kind, new Map([writeLate(place, blocks, late)]));
  return cache;
}

it('has the late row of a key in place of the one that was written, and none where it went', () => {
  const key = constantFrom('a', 'b', 'c', 'd', 'e');
  const row = tuple(key, integer(), integer());
  assert(
    property(array(row), array(row), array(key), (rows, changed, gone) => {
      const written = new Map(rows.map((one) => [one[0], one]));
      const late = new Map<string, SheetRow>([
        ...changed.map((one) => [one[0], one] as const),
        ...gone.map((one) => [one, [one]] as const),
      ]);
      const cache = keep([...written.values()], [...late.values()]);
      const expected = [...new Map<string, SheetRow>([...written, ...late]).values()];
      const found = readAll(openSheet(cache, PLACE));
      expect(new Set(found)).toEqual(new Set(expected.filter((one) => one.length > 1)));
      expect(found).toHaveLength(new Set(found).size);
    }),
  );
});

it('has thousands of rows in their order', () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => [`posts/${at}.md`, at, `${at}`] as const);
  expect(readAll(openSheet(keep(rows), PLACE))).toEqual(rows);
});

it('is none of another writing, and none that lacks its keys', () => {
  const cache = keep([['a', 1, 2]]);
  expect(openSheet(cache, { ...PLACE, writing: 'second' })).toBeNull();
  cache.put('site', new Map([['posts 0 0', null]]));
  expect(openSheet(cache, PLACE)).toBeNull();
});

it('says so where a column is lost before it was asked for', () => {
  const cache = keep([['a', 1, 2]]);
  const held = openSheet(cache, PLACE);
  const sheet = openSheet(cache, PLACE);
  held?.hold();
  writeSheet(cache, { ...PLACE, writing: 'second' }, [['a', 3, 4]]);
  expect(readAll(held)).toEqual([['a', 1, 2]]);
  expect(() => sheet?.column(1)).toThrow(Forgotten);
});
