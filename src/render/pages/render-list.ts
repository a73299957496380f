/**
 * The long lists of posts, on the page of all and on those of tags: rendered in parts by time, and each part kept, so that a new post among ten
 * thousand costs its own year, or its month where a year has many.
 */
import { compareNewestFirst } from '../../domain/post.ts';
import { keepFor, patchList } from '../../domain/succession.ts';
import type { Templates } from '../templates.ts';
import { monthOf, noteMonths } from './month-of.ts';
import { hashOf, type PageContext } from './page-context.ts';
import type { PageEntry } from './page-entry.ts';

/** A part with more posts than this is split by month. */
const MANY = 400;
const KIND = 'page-list';
const TEMPLATE = 'page-list.liquid';

type Part = { readonly name: string; readonly entries: readonly PageEntry[] };
export type Year = {
  readonly year: string;
  readonly entries: readonly PageEntry[];
  readonly parts: readonly Part[];
};

/** `entries`: newest first. In their order. */
export const splitByYear: (entries: readonly PageEntry[]) => readonly Year[] = keepFor(
  (entries) => {
    noteMonths(entries);
    const years = Map.groupBy(entries, (entry) => monthOf(entry).year);
    return Array.from(years, ([year, group]) => splitYear(year, group));
  },
  (last, { added, removed }) => {
    const years = new Map(last.map((one) => [one.year, one]));
    for (const year of new Set([...added, ...removed].map((entry) => monthOf(entry).year))) {
      const isOfYear = (entry: PageEntry): boolean => monthOf(entry).year === year;
      const change = { added: added.filter(isOfYear), removed: removed.filter(isOfYear) };
      const entries = patchList(years.get(year)?.entries ?? [], change, byTime);
      if (entries.length === 0) years.delete(year);
      else years.set(year, splitYear(year, entries));
    }
    return [...years.values()].toSorted((a, b) => Number(b.year) - Number(a.year));
  },
);

const byTime = (a: PageEntry, b: PageEntry): number => compareNewestFirst(a.post, b.post);

function splitYear(year: string, entries: readonly PageEntry[]): Year {
  const parts = entries.length > MANY ? splitByMonth(entries) : [{ name: year, entries }];
  return { year, entries, parts };
}

function splitByMonth(entries: readonly PageEntry[]): readonly Part[] {
  const months = Map.groupBy(entries, (entry) => monthOf(entry).month);
  return Array.from(months, ([name, group]) => ({ name, entries: group }));
}

/** Equal while the same posts are shown in the same order. */
export function markList(entries: readonly PageEntry[]): string {
  return hashOf(splitByYear(entries).flatMap(({ parts }) => parts.map((part) => markOf(part.entries))));
}

type Marked = { readonly entries: readonly PageEntry[]; readonly mark: string };

/** By their first entry: the same may stand first in a part of several lists. */
const marks = new WeakMap<PageEntry, Marked[]>();
const MARKS_OF_ONE = 4;

function markOf(entries: readonly PageEntry[]): string {
  const [first] = entries;
  const marked = first ? (marks.get(first) ?? []) : [];
  const known = marked.find((one) => areSame(one.entries, entries));
  if (known) return known.mark;
  const mark = hashOf(entries.map(({ fingerprint, url }) => [fingerprint, url]));
  if (first) marks.set(first, [{ entries, mark }, ...marked].slice(0, MARKS_OF_ONE));
  return mark;
}

function areSame(a: readonly PageEntry[], b: readonly PageEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}

/** List items as `page-list.liquid` says. `place`: where the list stands, unlike any other. */
export async function renderParts(
  context: PageContext,
  place: string,
  parts: readonly Part[],
): Promise<string> {
  const { workshop, kept } = context.input;
  const changes = new Map<string, string>();
  const render = async ({ name, entries }: Part): Promise<string> => {
    const key = `${place} ${name}`;
    const mark = hashOf([context.seed, markOf(entries)]);
    const known = kept?.get(KIND, key);
    if (known?.startsWith(mark)) return known.slice(mark.length);
    const text = await workshop.template(TEMPLATE, { posts: entries.map(context.dataOf) });
    changes.set(key, mark + text);
    return text;
  };
  const texts = await Promise.all(parts.map(render));
  if (changes.size > 0) kept?.put(KIND, changes);
  return texts.join('');
}

/** Whether a template is handed the posts of a list, which for thousands is not cheap: not where it prints the list, and nothing asks for more. */
export function wantsPosts(templates: Templates, name: string): boolean {
  const page = codeOf(templates, name);
  const all = `${page}\n${codeOf(templates, 'page-layout.liquid')}`;
  return !/\blist\b/u.test(page) || /\bposts\b|^\{%-?\s*(?:include|render)\b/mu.test(all);
}

/** What a template names in its code. */
export function namesIn(templates: Templates, name: string): ReadonlySet<string> {
  return new Set(codeOf(templates, name).match(/[\p{L}_][\p{L}\p{N}_]*/gu));
}

const COMMENT = /\{%-?\s*comment.*?endcomment\s*-?%\}/gsu;
const CODE = /\{\{.*?\}\}|\{%.*?%\}/gsu;

/** A tag to a line. */
function codeOf(templates: Templates, name: string): string {
  const text = templates.get(name)?.text.replace(COMMENT, '') ?? '';
  return (text.match(CODE) ?? []).map((code) => code.replaceAll(/\s+/g, ' ')).join('\n');
}
