/**
 * What entries say as plain text, which JSON Feed tells besides HTML. It is made in the workshop, once for each content, and kept in the cache for as long
 * as the feed has that content.
 */
import { hash } from 'node:crypto';
import { mapInFlight } from '../map-in-flight.ts';
import type { Renga } from '../renga.ts';

export type TextReader = Pick<Renga, 'cache' | 'workshop' | 'version'>;

const KIND = 'feed-text';
/** Counted up whenever a text is made otherwise than before. */
const FORM = 1;

const keyOf = ({ version }: TextReader, html: string): string =>
  hash('sha256', `${version} ${FORM}\n${html}`);

/** More than a thread is handed at once. */
const TEXTS_IN_FLIGHT = 16;

/** `htmls`: all that the feed has now. Null for one that cannot be read as text. */
export async function readTexts(
  reader: TextReader,
  htmls: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const { cache, workshop } = reader;
  const kept = cache.all(KIND);
  const changes = new Map<string, string | null>([...kept.keys()].map((key) => [key, null]));
  const found = new Map<string, string | null>();
  const read = async (html: string): Promise<void> => {
    const key = keyOf(reader, html);
    const known = kept.get(key);
    const text = known ?? (await workshop.text(html));
    found.set(html, text);
    if (known !== undefined) changes.delete(key);
    else if (text !== null) changes.set(key, text);
  };
  await mapInFlight([...new Set(htmls)], TEXTS_IN_FLIGHT, read);
  if (changes.size > 0) cache.put(KIND, changes);
  return found;
}
