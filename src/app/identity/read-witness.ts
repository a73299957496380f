/** Reads what readers have: the entries of the JSON Feed in `public/`. A missing, foreign or broken file says nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Witnessed } from '../../domain/witness.ts';

/** Newest first, as they stand there. */
export function readWitness(root: string): readonly Witnessed[] {
  const items = readItems(join(root, 'public', 'feed.json'));
  return items.flatMap((item) => readEntry(item) ?? []);
}

function readItems(file: string): readonly unknown[] {
  try {
    const feed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(feed) && Array.isArray(feed['items']) ? feed['items'] : [];
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return [];
    throw error;
  }
}

function readEntry(item: unknown): Witnessed | null {
  if (!isObject(item)) return null;
  const { id, title, url } = item;
  const publishedAt = readMoment(item['date_published']);
  const updatedAt = readMoment(item['date_modified']) ?? publishedAt;
  const isWhole = typeof id === 'string' && typeof url === 'string' && URL.canParse(url);
  if (!isWhole || !publishedAt || !updatedAt) return null;
  return { id, title: typeof title === 'string' ? title : '', url, publishedAt, updatedAt };
}

function readMoment(value: unknown): Temporal.Instant | null {
  try {
    return typeof value === 'string' ? Temporal.Instant.from(value) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
