/**
 * What readers will be shown of each post, against what they were shown: pages that come, go and move, and who is in the main feed. Pure; what
 * changes is recorded once the files are there.
 */
import type { FormerPage, SeenPost, Showing } from '../../domain/post.ts';

type Page = { readonly id: string; readonly slug: string };
export type ShownPost = { readonly post: Page };

export type PlannedShowings = {
  readonly changes: readonly { readonly id: string; readonly showing: Showing }[];
  /** Those that stay as they are although they are not published: their files cannot be read now. */
  readonly kept: readonly SeenPost[];
  /** Slugs whose pages go with this publish. */
  readonly leaving: ReadonlySet<string>;
};

export type ShowingFacts = {
  readonly records: readonly SeenPost[];
  /** All that is published. */
  readonly prepared: readonly ShownPost[];
  /** Ids in the main feed. */
  readonly inFeed: ReadonlySet<string>;
  /** Paths of files that are there and cannot be read now: their posts are not gone. */
  readonly broken: ReadonlySet<string>;
  readonly now: Temporal.Instant;
};

type Change = PlannedShowings['changes'][number];

export function planShowings(facts: ShowingFacts): PlannedShowings {
  const { records, prepared } = facts;
  const known = new Map(records.map((record) => [record.id, record.showing]));
  const slugs = new Map(prepared.map(({ post }) => [post.id, post.slug]));
  const changes: Change[] = [];
  for (const [id, slug] of slugs) {
    const change = showPost(facts, id, slug, known.get(id) ?? null);
    if (change) changes.push(change);
  }
  const kept: SeenPost[] = [];
  for (const record of records) {
    if (slugs.has(record.id) || record.showing?.until !== null) continue;
    if (facts.broken.has(record.path)) kept.push(record);
    else changes.push({ id: record.id, showing: { ...record.showing, until: facts.now } });
  }
  const left = changes.flatMap(({ id }) => {
    const before = known.get(id);
    return before?.until === null ? [before.slug] : [];
  });
  return { changes, kept, leaving: new Set(left).difference(new Set(slugs.values())) };
}

function showPost(
  { inFeed, now }: ShowingFacts,
  id: string,
  slug: string,
  before: Showing | null,
): Change | null {
  const isSamePage = before?.slug === slug && before.until === null;
  const isInFeed = inFeed.has(id);
  if (isSamePage && before.isInFeed === isInFeed) return null;
  return { id, showing: { slug, since: isSamePage ? before.since : now, until: null, isInFeed } };
}

/** The records as they are once `changes` are recorded. */
export function applyShowings(
  records: readonly SeenPost[],
  changes: PlannedShowings['changes'],
): readonly SeenPost[] {
  if (changes.length === 0) return records;
  const changed = new Map(changes.map(({ id, showing }) => [id, showing]));
  return records.map((record) => {
    const showing = changed.get(record.id);
    return showing ? { ...record, showing } : record;
  });
}

/** The pages that `changes` leave behind, with those that were left before. */
export function collectFormerPages(
  records: readonly SeenPost[],
  former: readonly FormerPage[],
  changes: PlannedShowings['changes'],
): readonly FormerPage[] {
  const changed = new Set(changes.map(({ id }) => id));
  const asked = changed.size === 0 ? [] : records.filter(({ id }) => changed.has(id));
  const known = new Map(asked.map(({ id, showing }) => [id, showing]));
  const left = changes.flatMap(({ id, showing }) => {
    const before = known.get(id);
    return before && before.slug !== showing.slug
      ? [{ slug: before.slug, post: id, until: showing.since }]
      : [];
  });
  return [...former, ...left];
}

/**
 * Slugs that lead elsewhere now, each with the id of the post that stood there last and has another page. In the order of the slugs. `gone`: records of posts whose pages were
 * taken away; `present`: all that readers are shown, which `isShown` tells by id.
 */
export function listMoves(
  gone: readonly SeenPost[],
  former: readonly FormerPage[],
  present: readonly ShownPost[],
  isShown: (id: string) => boolean,
): readonly { readonly slug: string; readonly post: string }[] {
  const last = new Map<string, FormerPage>();
  const consider = (page: FormerPage): void => {
    const other = last.get(page.slug);
    if (!other || Temporal.Instant.compare(other.until, page.until) <= 0) last.set(page.slug, page);
  };
  for (const page of former) consider(page);
  for (const { id, showing } of gone) {
    if (showing?.until) consider({ slug: showing.slug, post: id, until: showing.until });
  }
  const candidates = [...last.values()].filter(({ post }) => isShown(post));
  // Most publications moved no page: then nobody need be asked for theirs.
  if (candidates.length === 0) return [];
  const taken = new Set<string>();
  for (const { post } of present) if (last.has(post.slug)) taken.add(post.slug);
  const moved = candidates.filter(({ slug }) => !taken.has(slug));
  return moved.map(({ slug, post }) => ({ slug, post })).sort((a, b) => (a.slug < b.slug ? -1 : 1));
}
