/**
 * The base of feeds: the address that the ids of all feeds are made from (RFC 4287 §4.2.6: an id never changes, also when a document is moved). It is
 * the publication's address when others could first read the feeds; where that goes later, the ids stay.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopbackUrl } from '../../domain/is-reachable-url.ts';
import type { Renga } from '../renga.ts';

type Settler = Pick<Renga, 'root' | 'store'> & {
  readonly publication: Pick<Renga['publication'], 'url'>;
  readonly settings: { readonly feeds: Pick<Renga['settings']['feeds'], 'base'> };
};

/**
 * Absolute URL, ending in `/`. As the config says, where it does; else fixed in the store at first sight; where the store knows none, as the published feed says. Not fixed while feeds are only for this
 * machine, whose address is everybody's, and not with `dryRun`.
 */
export async function settleFeedBase(
  { root, store, publication, settings }: Settler,
  dryRun: boolean,
): Promise<string> {
  const known = settings.feeds.base ?? (await store.feedBase());
  if (known !== null) return known;
  const base = readPublishedBase(root) ?? publication.url;
  return dryRun || isLoopbackUrl(base) ? base : await store.fixFeedBase(base);
}

/** The id of the main Atom feed in `public/`; null where it tells nothing that would do. */
function readPublishedBase(root: string): string | null {
  const id = /<id>([^<>&]*)<\/id>/.exec(readHead(join(root, 'public', 'atom.xml')))?.[1]?.trim() ?? '';
  const url = URL.parse(id);
  const isBase = url !== null && /^https?:$/.test(url.protocol) && url.href === id && id.endsWith('/');
  return isBase && !isLoopbackUrl(id) ? id : null;
}

/** What stands before the first entry; empty for a file that is not to be read, which then says nothing. */
function readHead(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    return text.slice(0, text.search(/<entry[\s>]/) >>> 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
