/** Reads the publication's posts and gives each its identity. What is new is remembered by `recordPosts`, not here: a plan changes nothing. */
import { OperatorError } from '../../domain/operator-error.ts';
import type { MarkStep } from '../../domain/mark-step.ts';
import {
  compareNewestFirst,
  type FindPost,
  isPublished,
  type Post,
  type PostFile,
  type PostRecord,
  type SeenPost,
} from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import { keepFor, patchList } from '../../domain/succession.ts';
import { compareCodePoints } from '../../posts/compare-code-points.ts';
import { PostMemory } from '../../posts/post-memory.ts';
import { type PostListener, readMarkdown, readPosts } from '../../posts/read-posts.ts';
import type { Walk } from '../../posts/walk-posts.ts';
import { IdentityMemory } from './identity-memory.ts';
import { wholeRecord } from './new-record.ts';
import { readWitness } from './read-witness.ts';
import type { Renga } from '../renga.ts';

export type GatherOptions = {
  /** False: look at every file's bytes, not only at its size and times. */
  readonly trustStamps: boolean;
  /** True: a folder without any post is meant. */
  readonly allowEmpty: boolean;
  /** Is told of each post that is new or changed as soon as it was read. */
  readonly listener?: PostListener | undefined;
};

export type Gathered = {
  /** All posts that could be read, newest first, with drafts and posts of the future. */
  readonly posts: readonly Post[];
  /** Those that readers may see now. */
  readonly published: readonly Post[];
  /** Of files, those left out among them. */
  readonly problems: readonly Problem[];
  /** As they were, and those of them that are new or changed. */
  readonly records: readonly SeenPost[];
  readonly changedRecords: readonly PostRecord[];
  /** The same, to be looked through until enough is known. */
  readonly eachRecord: Iterable<SeenPost>;
  /** By id, those that are new or changed among them as they are now. */
  readonly recordOf: (id: string) => SeenPost | undefined;
  /** Whether the store has been left alone since the last round: then all is recorded as that one left it. */
  readonly areRecordsKnown: boolean;
  /** Ids seen for the first time. */
  readonly newIds: ReadonlySet<string>;
  /** False: some file was read in the middle of a change, so that it must be looked at again. */
  readonly isSettled: boolean;
  /** As it was asked for. */
  readonly trustStamps: boolean;
  /** The Markdown of a post's body, or null when its file changed or went meanwhile. */
  readonly markdownOf: (post: Post) => string | null;
  readonly findPost: FindPost;
};

type Reader = Pick<Renga, 'root' | 'publication' | 'store' | 'cache' | 'clock'>;

/** What a program that runs on knows of the last time. */
export type GatherMemory = { readonly posts: PostMemory; readonly identities: IdentityMemory };

/** `walk`: what a walk of this moment met, to spare another. */
export async function gatherPosts(
  renga: Reader,
  options: GatherOptions,
  walk?: Walk,
  memory: GatherMemory = { posts: new PostMemory(), identities: new IdentityMemory() },
): Promise<Gathered> {
  const { root, publication, store, cache, clock } = renga;
  const { zone } = publication;
  const { identities } = memory;
  const mark = await store.posts.mark();
  const areRecordsKnown = identities.isCurrent && identities.mark === mark;
  const first = areRecordsKnown ? null : await store.posts.all();
  identities.mark = mark;
  const before = (): readonly SeenPost[] => first ?? identities.records;
  const { trustStamps, listener } = options;
  const reading = { root, zone, cache, trustStamps, listener, isKnown: findKnown(before) };
  const read = await readPosts(reading, walk, memory.posts);
  if (read.files.length === 0 && !options.allowEmpty) refuseEmptyFolder(read, before().length);
  const stored = first ?? (await completeRecords(renga, identities, read.files));
  const authority = new URL(publication.url).hostname;
  // As the store keeps it: what is first seen now has the same dates when it is read from there.
  const now = Temporal.Instant.fromEpochMilliseconds(clock().epochMilliseconds);
  const { changedRecords, newIds } = identities.identify(read.files, stored, {
    authority,
    zone,
    now,
    witness: () => readWitness(root),
  });
  const { newestFirst } = identities;
  const { records, eachRecord } = openRecords(stored, identities, newIds);
  return {
    posts: newestFirst,
    published: listPublished(newestFirst, now),
    problems: [...read.problems, ...faulty(read.files).flatMap(({ problems }) => problems)],
    get records() {
      return records();
    },
    eachRecord,
    changedRecords,
    newIds,
    recordOf: (id) => identities.recordOf(id),
    areRecordsKnown,
    isSettled: read.isSettled,
    trustStamps: options.trustStamps,
    markdownOf: (post) => {
      const file = identities.fileOf(post);
      return file ? readMarkdown(memory.posts, file) : null;
    },
    findPost: openFindPost(memory, () => now),
  };
}

/** Among those that were gathered last. */
export function openFindPost({ posts, identities }: GatherMemory, now: () => Temporal.Instant): FindPost {
  return (path) => {
    const parsed = posts.get(path)?.parsed;
    const known = parsed?.kind === 'post' ? identities.known(parsed.file) : undefined;
    return known ? { post: known.post, isPublished: isPublished(known.post, now()) } : null;
  };
}

/** The future stands first: behind the newest that is published only drafts are held back. */
function listPublished(newestFirst: readonly Post[], now: Temporal.Instant): readonly Post[] {
  const posts = withoutDrafts(newestFirst);
  const first = posts.findIndex((post) => isPublished(post, now));
  return first < 0 ? [] : first === 0 ? posts : posts.slice(first);
}

const isOut = ({ draft }: Post): boolean => !draft;

const withoutDrafts = keepFor<Post, readonly Post[]>(
  (posts) => posts.filter(isOut),
  (last, { added, removed }) => patchList(last, { added: added.filter(isOut), removed }, compareNewestFirst),
);

const hasProblems = ({ problems }: PostFile): boolean => problems.length > 0;

/** Files with problems, by path. */
const faulty = keepFor<PostFile, readonly PostFile[]>(
  (files) => files.filter(hasProblems),
  (last, { added, removed }) =>
    patchList(last, { added: added.filter(hasProblems), removed }, (a, b) =>
      compareCodePoints(a.path, b.path),
    ),
);

/** Of records that are known in part: whole, as far as these files ask for it; all of them where they ask for all. */
async function completeRecords(
  { store }: Pick<Reader, 'store'>,
  identities: IdentityMemory,
  files: readonly PostFile[],
): Promise<readonly PostRecord[] | null> {
  if (identities.asksForAll(files)) return await store.posts.all();
  identities.complete(await store.posts.some(identities.wants(files)));
  return null;
}

/** Records as they were: few ask for all of them. */
function openRecords(
  stored: readonly SeenPost[] | null,
  identities: IdentityMemory,
  newIds: ReadonlySet<string>,
): { readonly records: () => readonly SeenPost[]; readonly eachRecord: Iterable<SeenPost> } {
  if (stored) return { records: () => stored, eachRecord: stored };
  let list: readonly SeenPost[] | null = null;
  return {
    records: () => (list ??= identities.records.filter(({ id }) => !newIds.has(id))),
    eachRecord: {
      *[Symbol.iterator]() {
        for (const record of identities.eachRecord()) if (!newIds.has(record.id)) yield record;
      },
    },
  };
}

/** By path, and what it is told by besides; looks at the records when it is first asked. */
function findKnown(records: () => readonly SeenPost[]): (file: PostFile) => boolean {
  let byPath: ReadonlyMap<string, SeenPost> | null = null;
  return (file) => {
    byPath ??= new Map(records().map((record) => [record.path, record]));
    const record = byPath.get(file.path);
    return record !== undefined && (file.id === null ? record.slug === file.slug : record.id === file.id);
  };
}

/** A folder that is gone or suddenly empty is far more often a missing mount than a wish: readers' feeds stay as they are. */
function refuseEmptyFolder(read: { readonly folder: string }, known: number): void {
  if (read.folder === 'missing') {
    throw new OperatorError(
      'There is no folder posts/ here.',
      'Make it (renga new "a / b / c" does), or mount it; --allow-empty publishes without any post.',
    );
  }
  if (known === 0) return;
  throw new OperatorError(
    `The folder posts/ holds no post that can be read, but ${known} were known before: nothing was changed.`,
    'Bring the posts back; or say --allow-empty if the feeds are really meant to be empty.',
  );
}

/** Makes identities durable. Must have resolved before a document with a new id is written. */
export async function recordPosts(
  renga: Pick<Renga, 'store'>,
  { changedRecords }: Pick<Gathered, 'changedRecords'>,
): Promise<readonly (MarkStep | null)[]> {
  const steps: (MarkStep | null)[] = [];
  for (let at = 0; at < changedRecords.length; at += RECORDED_AT_ONCE) {
    const some = changedRecords.slice(at, at + RECORDED_AT_ONCE).map(wholeRecord);
    steps.push(await renga.store.posts.record(some));
  }
  return steps;
}

/** In one transaction; a program that dies between two has some of them to record when it is run again. */
const RECORDED_AT_ONCE = 5000;
