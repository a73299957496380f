/** A file of `public/` as it is recalled: its row says how it was left. */
import type { Sheet } from './kept-sheet.ts';
import { CHANGED, FINGERPRINT, MODIFIED, SIZE } from './kept-site.ts';
import type { WrittenFile } from './output-memory.ts';

export class RecalledOutput implements WrittenFile {
  readonly #sheet: Sheet;
  readonly #row: number;

  constructor(sheet: Sheet, row: number) {
    this.#sheet = sheet;
    this.#row = row;
  }

  get size(): number {
    return this.#sheet.column(SIZE)[this.#row] as number;
  }
  get modified(): number {
    return this.#sheet.column(MODIFIED)[this.#row] as number;
  }
  get changed(): number {
    return this.#sheet.column(CHANGED)[this.#row] as number;
  }
  get fingerprint(): string {
    return this.#sheet.column(FINGERPRINT)[this.#row] as string;
  }
}
