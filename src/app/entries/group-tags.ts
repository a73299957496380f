/** The tags of published posts, each with its entries. */
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

/** Whatever has the tags of a post. */
export type Tagged = { readonly post: { readonly tags: readonly string[] } };

/** `prepared`: newest first. In the order of their slugs. Of one list it is asked for pages, feeds and forms: it is grouped once. */
export function groupTags<Entry extends Tagged>(prepared: readonly Entry[]): readonly Tag<Entry>[] {
  const known = (groups as WeakMap<readonly Entry[], readonly Tag<Entry>[]>).get(prepared);
  if (known) return known;
  const tags = group(prepared);
  groups.set(prepared, tags);
  return tags;
}

const groups = new WeakMap<readonly Tagged[], readonly Tag<Tagged>[]>();

function group<Entry extends Tagged>(prepared: readonly Entry[]): readonly Tag<Entry>[] {
  const slugs = new Map<string, string>();
  const slugOf = (tag: string): string => {
    const slug = slugs.get(tag) ?? composeTagSlug(tag);
    slugs.set(tag, slug);
    return slug;
  };
  const tags = new Map<string, { name: string; entries: Entry[] }>();
  for (const entry of prepared) {
    for (const name of entry.post.tags) {
      const tag = tags.get(slugOf(name)) ?? { name, entries: [] };
      tag.name = name;
      // A post that spells one tag in two ways has it once.
      if (tag.entries.at(-1) !== entry) tag.entries.push(entry);
      tags.set(slugOf(name), tag);
    }
  }
  return [...tags]
    .map(([slug, { name, entries }]) => ({ name, slug, entries }))
    .toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
}
