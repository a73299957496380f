/** What all pages of one publication are made from, and what every page depends on. */
import { createHash } from 'node:crypto';
import type { Output } from '../../domain/output.ts';
import type { Publication } from '../../domain/publication.ts';
import type { Templates } from '../templates.ts';
import type { Workshop } from '../workshop.ts';
import type { PageTag } from './feed-list.ts';
import { composeSiteData, openDates } from './page-data.ts';
import type { PageEntry } from './page-entry.ts';

/** By entry: the output of its page, with all else that it shows. The same output, by identity, is the same page. */
export type PageMemory = WeakMap<
  PageEntry,
  {
    readonly seed: string;
    readonly older: PageEntry | undefined;
    readonly newer: PageEntry | undefined;
    readonly output: Output;
  }
>;

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
};

export type PageContext = {
  readonly input: PagesInput;
  readonly site: ReturnType<typeof composeSiteData>;
  readonly dates: Intl.DateTimeFormat;
  /** Hash of what every page depends on: templates, publication, version. */
  readonly seed: string;
};

export function openContext(input: PagesInput): PageContext {
  const { publication, templates, version } = input;
  const texts = [...templates]
    .filter(([name]) => name.endsWith('.liquid'))
    .map(([name, { text }]) => [name, text]);
  const seed = hashOf([version, publication, texts]);
  return { input, site: composeSiteData(publication), dates: openDates(publication), seed };
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
