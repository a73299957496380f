/** The tags of published posts, each with its entries. */
import { compareNewestFirst, type Post } from '../../domain/post.ts';
import { keepFor, patchList, type Succession } from '../../domain/succession.ts';
import { composeTagSlug } from '../../posts/compose-tag-slug.ts';
import type { PreparedEntry } from './prepare-entries.ts';

export type Tag<Entry = PreparedEntry> = {
  /** As the oldest post that has it spells it: a later spelling renames nothing. */
  readonly name: string;
  /** Safe in URLs, and no other tag's. */
  readonly slug: string;
  /** Newest first. */
  readonly entries: readonly Entry[];
};

/** Whatever has a post. */
export type Tagged = { readonly post: Post };

/** `prepared`: newest first. In the order of their slugs. Of one list it is asked for pages, feeds and forms: it is grouped once. */
export function groupTags<Entry extends Tagged>(prepared: readonly Entry[]): readonly Tag<Entry>[] {
  // What comes out holds what went in, and nothing else.
  return (recall as unknown as (list: readonly Entry[]) => readonly Tag<Entry>[])(prepared);
}

const recall = keepFor<Tagged, readonly Tag<Tagged>[]>(
  (prepared) => sort(gather(prepared)),
  (last, change) => sort(regroup(last, change)),
);

function gather(prepared: readonly Tagged[]): readonly Tag<Tagged>[] {
  const tags = new Map<string, Tagged[]>();
  for (const entry of prepared) {
    for (const name of entry.post.tags) {
      const slug = slugOf(name);
      const entries = tags.get(slug);
      // A post that spells one tag in two ways has it once.
      if (entries && entries.at(-1) !== entry) entries.push(entry);
      if (!entries) tags.set(slug, [entry]);
    }
  }
  return Array.from(tags, ([slug, entries]) => ({ name: nameOf(slug, entries), slug, entries }));
}

/** Tags that neither came nor went with a post are the very same as before. */
function regroup(
  last: readonly Tag<Tagged>[],
  { added, removed }: Succession<Tagged>,
): readonly Tag<Tagged>[] {
  const coming = new Map(gather(added).map(({ slug, entries }) => [slug, entries]));
  const going = new Map(gather(removed).map(({ slug, entries }) => [slug, entries]));
  const known = new Map(last.map((tag) => [tag.slug, tag]));
  for (const slug of new Set([...coming.keys(), ...going.keys()])) {
    const change = { added: coming.get(slug) ?? [], removed: going.get(slug) ?? [] };
    const entries = patchList(known.get(slug)?.entries ?? [], change, byTime);
    if (entries.length === 0) known.delete(slug);
    else known.set(slug, { name: nameOf(slug, entries), slug, entries });
  }
  return [...known.values()];
}

const byTime = (a: Tagged, b: Tagged): number => compareNewestFirst(a.post, b.post);

function sort(tags: readonly Tag<Tagged>[]): readonly Tag<Tagged>[] {
  return tags.toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
}

function nameOf(slug: string, entries: readonly Tagged[]): string {
  return entries.at(-1)?.post.tags.findLast((name) => slugOf(name) === slug) ?? slug;
}

/** Of names, as they are asked for again and again. */
const slugs = new Map<string, string>();
const MOST_SLUGS = 10_000;

function slugOf(tag: string): string {
  const known = slugs.get(tag);
  if (known !== undefined) return known;
  if (slugs.size >= MOST_SLUGS) slugs.clear();
  const slug = composeTagSlug(tag);
  slugs.set(tag, slug);
  return slug;
}
