/** What all pages of one publication are made from, and what every page depends on. */
import { hash } from 'node:crypto';
import type { Cache } from '../../domain/cache.ts';
import { Recent } from '../../domain/recent.ts';
import type { Output } from '../../domain/output.ts';
import type { Publication } from '../../domain/publication.ts';
import type { Templates } from '../templates.ts';
import type { Workshop } from '../workshop.ts';
import type { PageTag } from './feed-list.ts';
import { composePostData, composeSiteData, openDates, type PostData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';

/** A post is listed by its year and its tags, one soon after the other; of a hundred thousand not all are held that long. */
const MOST_DATA = 20_000;

/** What a program that runs on keeps of each entry. */
export class PageMemory {
  /** The output of its page. The same output, by identity, is the same page. */
  readonly outputs = new WeakMap<PageEntry, PlacedPage>();
  /** The pages of all posts, as the last round had them. */
  pages: {
    readonly seed: string;
    readonly entries: readonly PageEntry[];
    readonly outputs: readonly Output[];
  } | null = null;
  /** All as the last program left them: see `recall-site.ts`. */
  recalled: RecalledPages | null = null;
  /** Paths of posts whose page is another than was kept. */
  readonly touched = new Set<string>();
  /** Of the last round: the next one uses it again where it would be the same. */
  maker: PageMaker | null = null;
  /** How pages list it. */
  readonly data = new Recent<PageEntry, { readonly seed: string; readonly data: PostData }>(MOST_DATA);
}

/** Where a post's page stands: what it leads to. */
export type PagePlace = { readonly older: PageEntry | undefined; readonly newer: PageEntry | undefined };

/** The pages of posts that were made where `seed` said so. */
export type RecalledPages = {
  readonly seed: string;
  /** Newest first. */
  readonly entries: readonly PageEntry[];
  /** The fingerprint of the page of one of them; null where it is not known. */
  readonly fingerprintOf: (entry: PageEntry) => string | null;
};

export type PlacedPage = Output & {
  /** Whether it is the page of that place, made from what `seed` says. */
  readonly isAt: (place: PagePlace, seed: string) => boolean;
};

export type PagesInput = {
  readonly publication: Publication;
  /** Newest first. */
  readonly entries: readonly PageEntry[];
  /** In the order they are listed in. */
  readonly tags: readonly PageTag<PageEntry>[];
  /** A tag's name → its name in URLs. */
  readonly tagSlug: (tag: string) => string;
  readonly templates: Templates;
  readonly workshop: Pick<Workshop, 'template'>;
  readonly version: string;
  /** Outputs of posts as they were last described, for a program that runs on. */
  readonly memory?: PageMemory | undefined;
  /** Where parts of long lists are kept. */
  readonly kept?: Pick<Cache, 'get' | 'put'>;
};

/** What a page of one post is made with. It outlives the round that made it, so it knows nothing of the other posts. */
export type PageMaker = Pick<PagesInput, 'tagSlug' | 'workshop'> & {
  readonly site: ReturnType<typeof composeSiteData>;
  /** A post as templates see it, made when it is first asked for. */
  readonly dataOf: (entry: PageEntry) => PostData;
  /** Hash of what every page depends on: templates, publication, version. */
  readonly seed: string;
};

export type PageContext = PageMaker & { readonly input: PagesInput; readonly maker: PageMaker };

export function openContext(input: PagesInput): PageContext {
  const { publication, tagSlug, workshop } = input;
  const seed = seedOf(input);
  const last = input.memory?.maker;
  const maker: PageMaker =
    last?.seed === seed && last.workshop === workshop
      ? last
      : { site: composeSiteData(publication), dataOf: recallData(input, seed), seed, tagSlug, workshop };
  if (input.memory) input.memory.maker = maker;
  return { ...maker, input, maker };
}

/** Equal while templates, publication and version are. */
export function seedOf({
  version,
  publication,
  templates,
}: Pick<PagesInput, 'version' | 'publication' | 'templates'>): string {
  const texts = [...templates]
    .filter(([name]) => name.endsWith('.liquid'))
    .map(([name, { text }]) => [name, text]);
  return hashOf([version, publication, texts]);
}

function recallData({ publication, memory }: PagesInput, seed: string): PageContext['dataOf'] {
  const { data: known } = memory ?? new PageMemory();
  const dates = openDates(publication);
  return (entry) => {
    const kept = known.get(entry);
    if (kept?.seed === seed) return kept.data;
    const data = composePostData(entry, dates);
    known.set(entry, { seed, data });
    return data;
  };
}

export function hashOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value));
}
