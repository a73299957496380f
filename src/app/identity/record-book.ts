/** All records, by id. Those that were recalled are made of what was kept when they are asked for: a publish asks few of thousands. */
import type { SeenPost } from '../../domain/post.ts';
import type { RecalledIdentity } from './known-record.ts';

export class RecordBook {
  readonly #records = new Map<string, SeenPost>();
  readonly #recalled: ReadonlyMap<string, Pick<RecalledIdentity, 'record'>>;

  constructor(records: Iterable<SeenPost> = [], recalled: Iterable<RecalledIdentity> = []) {
    const kept = new Map<string, RecalledIdentity>();
    for (const one of recalled) kept.set(one.post.id, one);
    this.#recalled = kept;
    for (const record of records) this.set(record);
  }

  has(id: string): boolean {
    return this.#records.has(id) || this.#recalled.has(id);
  }

  get(id: string): SeenPost | undefined {
    const known = this.#records.get(id);
    if (known) return known;
    const record = this.#recalled.get(id)?.record;
    if (record) this.#records.set(id, record);
    return record;
  }

  set(record: SeenPost): void {
    this.#records.set(record.id, record);
  }

  *values(): Iterable<SeenPost> {
    for (const id of this.#recalled.keys()) {
      const record = this.get(id);
      if (record) yield record;
    }
    for (const record of this.#records.values()) if (!this.#recalled.has(record.id)) yield record;
  }
}
