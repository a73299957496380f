/**
 * The long lists of posts, on the page of all and on those of tags: rendered in parts by time, and each part kept, so that a new post among ten
 * thousand costs its own year, or its month where a year has many.
 */
import type { Templates } from '../templates.ts';
import { hashOf, type PageContext } from './page-context.ts';
import type { PageEntry } from './page-entry.ts';

/** A part with more posts than this is split by month. */
const MANY = 400;
const KIND = 'page-list';
const TEMPLATE = 'page-list.liquid';

/** List items as `page-list.liquid` says. `place`: where the list stands, unlike any other. `entries`: newest first. */
export async function renderList(
  context: PageContext,
  place: string,
  entries: readonly PageEntry[],
): Promise<string> {
  const { workshop, kept } = context.input;
  const changes = new Map<string, string>();
  const parts = splitByTime(entries).map(async ([name, group]) => {
    const key = `${place} ${name}`;
    const mark = hashOf([context.seed, group.map(({ fingerprint, url }) => [fingerprint, url])]);
    const known = kept?.get(KIND, key);
    if (known?.startsWith(mark)) return known.slice(mark.length);
    const text = await workshop.template(TEMPLATE, { posts: group.map(context.dataOf) });
    changes.set(key, mark + text);
    return text;
  });
  const texts = await Promise.all(parts);
  if (changes.size > 0) kept?.put(KIND, changes);
  return texts.join('');
}

type Part = readonly [name: string, entries: readonly PageEntry[]];

function splitByTime(entries: readonly PageEntry[]): readonly Part[] {
  return [...groupByYear(entries)].flatMap(([year, group]): readonly Part[] =>
    group.length > MANY ? Array.from(Map.groupBy(group, (entry) => monthOf(entry).month)) : [[year, group]],
  );
}

/** In their order. */
export function groupByYear(entries: readonly PageEntry[]): ReadonlyMap<string, readonly PageEntry[]> {
  return Map.groupBy(entries, (entry) => monthOf(entry).year);
}

type Month = { readonly year: string; readonly month: string };

/** Of entries as long as they last: a moment takes its time to tell its year. */
const months = new WeakMap<PageEntry, Month>();

function monthOf(entry: PageEntry): Month {
  const known = months.get(entry);
  if (known) return known;
  const { year, month } = entry.post.publishedAt;
  const found = { year: String(year), month: `${year}-${month}` };
  months.set(entry, found);
  return found;
}

/** Whether a template names the posts itself, or includes what may: then it is handed them, which for thousands is not cheap. */
export function wantsPosts(templates: Templates, name: string): boolean {
  return [name, 'page-layout.liquid'].some((file) => {
    const text = templates.get(file)?.text.replace(COMMENT, '') ?? '';
    return (text.match(CODE) ?? []).some((code) => /\bposts\b|^\{%-?\s*(?:include|render)\b/u.test(code));
  });
}

const COMMENT = /\{%-?\s*comment.*?endcomment\s*-?%\}/gsu;
const CODE = /\{\{.*?\}\}|\{%.*?%\}/gsu;
