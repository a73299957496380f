/** The databases that the contract is run over. Each test gets a store of its own, which any number of programs may open. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Store } from '../../src/domain/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { at } from './samples.ts';
import './compare-instants.ts';

export type Database = {
  readonly name: string;
  /** Where a new, empty store may be made, and what takes it away again. */
  readonly makeLocation: () => Promise<{ readonly location: string; readonly remove: () => Promise<void> }>;
  /** How often what only shows by chance is tried, if not five times. */
  readonly rounds?: number;
  /** How a program opens it, if not with `openStore`. */
  readonly open?: typeof openStore;
};

export const DATABASES: readonly Database[] = [
  {
    name: 'SQLite',
    makeLocation: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'renga-store-'));
      return {
        location: join(folder, 'var', 'renga.sqlite'),
        remove: () => rm(folder, { recursive: true, force: true }),
      };
    },
  },
];

/** Opens stores for the tests of one suite and closes them after each. */
export function openStoresOf(database: Database) {
  let undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of undo.toReversed()) await step();
    undo = [];
  });
  async function openAt(location: string): Promise<Store> {
    const store = await (database.open ?? openStore)({ location, now: at('08:00') });
    undo.push(() => store.close());
    return store;
  }
  async function makeLocation(): Promise<string> {
    const { location, remove } = await database.makeLocation();
    undo.push(remove);
    return location;
  }
  return {
    makeLocation,
    openAt,
    open: async () => openAt(await makeLocation()),
    /** Two programs on one store. */
    openTwo: async () => {
      const location = await makeLocation();
      return [await openAt(location), await openAt(location)] as const;
    },
  };
}
