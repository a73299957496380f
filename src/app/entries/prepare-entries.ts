/**
 * Turns published posts into entries: URL, summary, picture, and a body that is rendered once per change and then
 * kept in the cache. A post whose body cannot be made is left out with one problem; the others go on.
 */
import type { FindPost, Post } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import { succeed } from '../../domain/succession.ts';
import { type FileBook, openFileBook } from '../../posts/file-book.ts';
import { absoluteOrNull, composeEntry, type FoundFiles } from './compose-entry.ts';
import { EntryMemory } from './entry-memory.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import { type BodyFacts, type BodyKeeper, readBodies } from './keep-bodies.ts';
import { giveWay } from '../give-way.ts';
import { meansPost } from './link-posts.ts';
import { mapInFlight } from '../map-in-flight.ts';
import type { EntryBodies } from './post-entry.ts';
import type { OneEntry, PreparedEntry } from './prepared-entry.ts';
import type { Renga } from '../renga.ts';

export type PreparedEntries = {
  /** In the order of the posts given. */
  readonly entries: readonly PreparedEntry[];
  readonly problems: readonly Problem[];
  /** Whether the same posts, unchanged and with unchanged files beside them, would be prepared the same again. */
  readonly isSettled: boolean;
};

export { loadEntry } from './post-entry.ts';
export type { PreparedEntry } from './prepared-entry.ts';

type Preparer = BodyKeeper & Pick<Renga, 'root'>;

/**
 * `posts`: of those gathered. `memory`: of the last time, with the same settings. `trustStamps`: whether files beside posts that look as they were need not be read.
 */
export async function prepareEntries(
  renga: Preparer,
  posts: readonly Post[],
  gathered: Pick<Gathered, 'posts' | 'markdownOf' | 'findPost'>,
  memory = new EntryMemory(),
  trustStamps = false,
): Promise<PreparedEntries> {
  memory.notice(posts, gathered.posts);
  const { head, tail } = memory.compare(posts);
  const between = posts.slice(head, posts.length - tail);
  const { markdownOf, findPost } = gathered;
  const bodies: EntryBodies = { renga, markdownOf, findPost };
  const results = await prepareSome(bodies, between, memory, trustStamps);
  const problems = results.flatMap((result) => result.problems);
  const isSettled = results.every((result) => result.isSettled);
  const entries = results.flatMap(({ entry }) => entry ?? []);
  const isWhole = isSettled && problems.length === 0 && entries.length === between.length;
  const last = memory.last ?? [];
  memory.last = succeed(memory.last, [...last.slice(0, head), ...entries, ...last.slice(last.length - tail)]);
  memory.lastPosts = isWhole ? posts : null;
  return { entries: memory.last, problems, isSettled };
}

/** What each post gives, in their order. */
async function prepareSome(
  bodies: EntryBodies,
  posts: readonly Post[],
  memory: EntryMemory,
  trustStamps: boolean,
): Promise<readonly OneEntry[]> {
  const known = posts.map((post) => memory.recall(post));
  const changed = posts.filter((_, index) => !known[index]);
  const preparing = { bodies, memory, book: openFileBook(bodies.renga.cache, trustStamps) };
  const prepared: OneEntry[] = [];
  for (let at = 0; at < changed.length; at += AT_ONCE) {
    if (at > 0) await giveWay();
    prepared.push(...(await preparePart(preparing, changed.slice(at, at + AT_ONCE))));
  }
  preparing.book.keep();
  const rest = prepared.values();
  return known.flatMap((one) => one ?? rest.next().value ?? []);
}

/** Entries that are composed between two turns that others have: what is known of more bodies and files is never in memory at once. */
const AT_ONCE = 200;

type Preparing = {
  readonly bodies: EntryBodies;
  readonly memory: EntryMemory;
  readonly book: FileBook;
};

async function preparePart(
  { bodies, memory, book }: Preparing,
  posts: readonly Post[],
): Promise<readonly OneEntry[]> {
  const facts = await readBodies(bodies.renga, posts, bodies.markdownOf);
  const found = await findFiles(bodies, posts, facts, book);
  return posts.map((post, index) => {
    const one = prepareEntry(bodies, post, facts[index] ?? null, found.get(post) ?? NO_FILES);
    return memory.keep(post, one);
  });
}

function prepareEntry(bodies: EntryBodies, post: Post, facts: BodyFacts | null, found: FoundFiles): OneEntry {
  if (facts?.kind === 'rendered') return composeEntry(bodies, post, facts, found);
  const message = facts?.reason ?? 'the file changed while it was read; it is looked at again next time';
  const problem: Problem = { severity: 'error', path: post.path, line: null, message };
  return { entry: null, problems: [problem], isSettled: facts !== null, showsFiles: false, linksTo: [] };
}

/** Of a post that refers to none. */
const NO_FILES: FoundFiles = { assets: [], problems: [], isInSight: true, isAsked: false };

/** Looking at files beside the posts waits for the disk: enough at once that it is kept busy. */
const POSTS_IN_FLIGHT = 64;

/** Of the posts that refer to files beside them. */
async function findFiles(
  { renga: { root }, findPost }: EntryBodies,
  posts: readonly Post[],
  facts: readonly (BodyFacts | null)[],
  book: FileBook,
): Promise<ReadonlyMap<Post, FoundFiles>> {
  const asking = posts.flatMap((post, index) => {
    const references = listLocal(post, facts[index] ?? null, findPost);
    return references.length === 0 ? [] : [{ post, references }];
  });
  if (asking.length === 0) return new Map();
  // Loaded for those who have such files.
  const { findAssets, realFolder } = await import('../../posts/find-assets.ts');
  const top = realFolder(root);
  const find = async ({ post, references }: (typeof asking)[number]): Promise<[Post, FoundFiles]> => {
    const { path, slug } = post;
    const found = await findAssets({ root, top, post: { path, slug }, references, book });
    return [post, { ...found, isAsked: true }];
  };
  const found = await mapInFlight(asking, POSTS_IN_FLIGHT, find);
  return new Map(found);
}

function listLocal(post: Post, facts: BodyFacts | null, findPost: FindPost): readonly string[] {
  if (facts?.kind !== 'rendered') return [];
  const ofBody = facts.references.filter((reference) => !meansPost(post, reference, findPost));
  const references = [...ofBody, ...[post.image, post.audio].filter((file) => file !== null)];
  return references.filter((reference) => absoluteOrNull(reference) === null);
}
