/** What all pages of one publication are made from, and what every page depends on. */
import { hash } from 'node:crypto';
import type { Cache } from '../../domain/cache.ts';
import type { Publication } from '../../domain/publication.ts';
import type { Templates } from '../templates.ts';
import type { Workshop } from '../workshop.ts';
import type { PageTag } from './feed-list.ts';
import { composePostData, composeSiteData, openDates, type PostData } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';

/** The page of an entry is the same while its neighbours are. */
export type KnownPage = {
  readonly seed: string;
  readonly older: PageEntry | undefined;
  readonly newer: PageEntry | undefined;
  readonly fingerprint: string;
};

/** What a program that runs on keeps of each entry. */
export class PageMemory {
  /** The fingerprint of its page, with all else that it shows. */
  readonly pages = new WeakMap<PageEntry, KnownPage>();
  /** Paths of posts whose page is another than was kept. */
  readonly touched = new Set<string>();
  /** Parts of long lists by place, as they were rendered, behind their marks. */
  readonly lists = new Map<string, string>();
  /** How pages list it. */
  readonly data = new WeakMap<PageEntry, { readonly seed: string; readonly data: PostData }>();
}

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

export type PageContext = {
  readonly input: PagesInput;
  readonly site: ReturnType<typeof composeSiteData>;
  /** A post as templates see it, made when it is first asked for. */
  readonly dataOf: (entry: PageEntry) => PostData;
  /** Hash of what every page depends on: templates, publication, version. */
  readonly seed: string;
};

export function openContext(input: PagesInput): PageContext {
  const { publication } = input;
  const seed = seedOf(input);
  return { input, site: composeSiteData(publication), dataOf: recallData(input, seed), seed };
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
