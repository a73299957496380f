/**
 * Rows in the cache as a sheet: each column is a text of its own, so that who begins has tens of thousands of rows at hand in a moment, and parses the columns that it asks for.
 * Rows that changed since the sheet was written stand beside it, and hide those under the same key; where they are many, it is written anew.
 */
import type { Cache } from '../../domain/cache.ts';
import { Forgotten } from '../../domain/forgotten.ts';

/** What is in a cell is known to who wrote it. */
export type SheetRow = readonly [key: string, ...cells: readonly unknown[]];

export type SheetPlace = {
  readonly kind: string;
  readonly name: string;
  /** Of this writing: it stands in front of each text, so that none of another is taken for one of them. */
  readonly writing: string;
  /** Cells of a row, with its key. */
  readonly width: number;
};

/** Rows that are written at once: all of a hundred thousand posts are never in memory. */
const BLOCK = 8192;
/** With more late rows than this part of all, they cost as much as all of them anew. */
const FEW = 1 / 16;
const ALWAYS_FEW = 200;

/** A sheet in the cache, for who adds late rows. */
export type WrittenSheet = { readonly blocks: number; readonly lateKeys: readonly string[] };

/** What stands beside the columns. */
type Late = {
  readonly blocks: number;
  /** A row that went is its key alone. */
  readonly rows: readonly SheetRow[];
};

const frontOf = (writing: string): string => `${writing}\n`;
const lateName = (name: string): string => `${name} late`;
const cellName = (name: string, column: number, block: number): string => `${name} ${column} ${block}`;

/** Writes all rows. It counts once its late rows, which are none, are put: see `writeLate`. */
export function writeSheet(
  cache: Pick<Cache, 'put'>,
  { kind, name, writing, width }: SheetPlace,
  rows: Iterable<SheetRow>,
): WrittenSheet {
  let blocks = 0;
  for (const block of inBlocks(rows)) {
    const texts = new Map<string, string>();
    for (let column = 0; column < width; column += 1) {
      const cells = block.map((row) => row[column]);
      texts.set(cellName(name, column, blocks), frontOf(writing) + JSON.stringify(cells));
    }
    cache.put(kind, texts);
    blocks += 1;
  }
  return { blocks, lateKeys: [] };
}

function* inBlocks(rows: Iterable<SheetRow>): Iterable<readonly SheetRow[]> {
  let block: SheetRow[] = [];
  for (const row of rows) {
    block.push(row);
    if (block.length < BLOCK) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** The late rows of a sheet as they are to be, for who puts them: with what says that the writing is there. */
export function writeLate(
  { name, writing }: SheetPlace,
  blocks: number,
  rows: readonly SheetRow[],
): readonly [name: string, text: string] {
  const late: Late = { blocks, rows };
  return [lateName(name), frontOf(writing) + JSON.stringify(late)];
}

export function areFew(late: number, all: number): boolean {
  return late <= Math.max(ALWAYS_FEW, all * FEW);
}

/** Null where it is not all there. */
export function openSheet(cache: Pick<Cache, 'get'>, place: SheetPlace): Sheet | null {
  const text = readText(cache, place, lateName(place.name));
  if (text === null) return null;
  try {
    return new Sheet(cache, place, JSON.parse(text) as Late);
  } catch (error) {
    if (error instanceof Forgotten) return null;
    throw error;
  }
}

/** Rows are known by where they stand. */
export class Sheet implements WrittenSheet {
  readonly #cache: Pick<Cache, 'get'>;
  readonly #place: SheetPlace;
  readonly #late: Late;
  readonly #columns: (readonly unknown[] | undefined)[] = [];
  /** Where the rows stand that are not hidden. */
  readonly rows: readonly number[];

  constructor(cache: Pick<Cache, 'get'>, place: SheetPlace, late: Late) {
    this.#cache = cache;
    this.#place = place;
    this.#late = late;
    const changed = new Map(late.rows.map((row) => [row[0], row.length > 1]));
    const keys = this.column(0) as readonly string[];
    const first = keys.length - late.rows.length;
    const rows: number[] = [];
    for (const [at, key] of keys.entries()) {
      const isThere = at < first ? !changed.has(key) : changed.get(key);
      if (isThere) rows.push(at);
    }
    this.rows = rows;
  }

  get blocks(): number {
    return this.#late.blocks;
  }
  get lateKeys(): readonly string[] {
    return this.#late.rows.map(([key]) => key);
  }

  /** The cells of a column, by where their rows stand. Throws Forgotten where the cache lost it. */
  column(column: number): readonly unknown[] {
    return (this.#columns[column] ??= this.#read(column));
  }

  /** Reads what was not asked for yet: before another is written in its place. Throws Forgotten where the cache lost some of it. */
  hold(): void {
    for (let column = 0; column < this.#place.width; column += 1) this.column(column);
  }

  #read(column: number): readonly unknown[] {
    const { blocks, rows } = this.#late;
    const { name } = this.#place;
    const cells: unknown[][] = [];
    for (let block = 0; block < blocks; block += 1) {
      const text = readText(this.#cache, this.#place, cellName(name, column, block));
      if (text === null) throw new Forgotten(name);
      cells.push(JSON.parse(text) as unknown[]);
    }
    cells.push(rows.map((row) => row[column]));
    return cells.flat();
  }
}

function readText(cache: Pick<Cache, 'get'>, { kind, writing }: SheetPlace, name: string): string | null {
  const text = cache.get(kind, name);
  const front = frontOf(writing);
  return text?.startsWith(front) ? text.slice(front.length) : null;
}
