/** Imports into a real store, as tests want to see it: what was said, and who is there afterwards. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { importList, type ImportReport, type ImportRequest } from '../../../src/app/lists/import-list.ts';
import type { Store } from '../../../src/domain/store.ts';
import { openStore } from '../../../src/store/open-store.ts';

export const NOW = Temporal.Instant.from('2026-11-16T09:00:00Z');

export async function openEmptyStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'renga-lists-'));
  const store = await openStore({ location: join(folder, 'renga.db'), now: NOW });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return store;
}

export type Imported = ImportReport & {
  readonly form: string;
  readonly encodings: readonly string[];
  /** `3: nobody: it needs a name …` */
  readonly named: readonly string[];
};

export async function importInto(
  store: Store,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array>,
  changes: Partial<ImportRequest> = {},
): Promise<Imported> {
  const named: string[] = [];
  const encodings: string[] = [];
  let form = '';
  const request = {
    file: 'list.csv',
    chunks: () => toBytes(chunks),
    confirmed: true,
    as: null,
    keepsOrigin: false,
    dryRun: false,
    ...changes,
  };
  const report = await importList({ store, clock: () => NOW }, request, {
    understood: ({ columns }) => void (form = columns.form),
    encoding: (encoding) => void encodings.push(encoding),
    refused: (line, text, reason) => void named.push(`${line}: ${text}: ${reason}`),
    progress: () => undefined,
  });
  return { ...report, form, encodings, named };
}

async function* toBytes(
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

export async function importFixture(
  store: Store,
  file: string,
  changes: Partial<ImportRequest> = {},
): Promise<Imported> {
  const path = fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));
  return await importInto(store, createReadStream(path), { file, confirmed: false, ...changes });
}

/** Each as a line: `active ann@example.org, Ann Lee, since 2013-06-25T17:38:27Z, agreed …, ended … (why)`. */
export async function describeAll(store: Store): Promise<readonly string[]> {
  const all = await Array.fromAsync(store.subscribers.list());
  return all.map(({ state, address, name, createdAt, confirmedAt, endedAt, endReason }) =>
    [
      `${state} ${address}`,
      ...(name === '' ? [] : [name]),
      `since ${createdAt.toString()}`,
      ...(confirmedAt === null ? [] : [`agreed ${confirmedAt.toString()}`]),
      ...(endedAt === null ? [] : [`ended ${endedAt.toString()} (${endReason ?? ''})`]),
    ].join(', '),
  );
}

export async function describeStory(store: Store, id: number): Promise<readonly string[]> {
  return (await store.subscribers.story(id)).map(
    ({ at, kind, source, words, origin }) =>
      `${at.toString()} ${kind}, ${source}${origin === null ? '' : ` from ${origin}`}${words === '' ? '' : `: ${words}`}`,
  );
}
