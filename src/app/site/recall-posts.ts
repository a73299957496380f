/** Posts with their identities, entries and pages as the last program left them, each made of its row. */
import { Forgotten } from '../../domain/forgotten.ts';
import type { Post } from '../../domain/post.ts';
import type { Look } from '../../posts/post-memory.ts';
import { readMarkdown } from '../../posts/read-posts.ts';
import { type FoundFile, plainFile } from '../../posts/found-file.ts';
import { type FileSource, RecalledFile, RecalledPostLook } from '../../posts/recalled-file.ts';
import { pathOfPost } from '../../render/pages/post-page.ts';
import type { EntryBodies } from '../entries/post-entry.ts';
import type { OneEntry, PreparedEntry } from '../entries/prepared-entry.ts';
import { RecalledEntry } from '../entries/recalled-entry.ts';
import { openFindPost } from '../identity/gather-posts.ts';
import type { RecalledIdentity } from '../identity/known-record.ts';
import { RecalledPost } from '../identity/recalled-post.ts';
import type { Renga } from '../renga.ts';
import { orderOf } from './keep-site.ts';
import { KeptPost } from './kept-post.ts';
import type { Sheet } from './kept-sheet.ts';
import type { Head } from './kept-site.ts';
import type { LastShown } from './plan-shown.ts';
import { type FreeRow, HAS_PAGE, IN_MAIN_FEED, PREPARED, readFree, SHOWS_FILES } from './post-rows.ts';
import type { SiteMemory } from './site-memory.ts';

/** A post with all that its row says. */
class RecalledRow implements RecalledIdentity {
  readonly kept: KeptPost;
  readonly file: RecalledFile;
  readonly post: RecalledPost;

  constructor(kept: KeptPost, source: FileSource, inZone: Temporal.ZonedDateTime) {
    this.kept = kept;
    this.file = new RecalledFile(kept, source);
    this.post = new RecalledPost(kept, this.file, inZone);
  }

  get record(): RecalledIdentity['record'] {
    return this.kept.record;
  }
}

/** `free`: records of no file. `files`: that were met already. Throws Forgotten where rows and head do not belong together. */
export function recallPosts(
  renga: Renga,
  memory: SiteMemory,
  sheet: Sheet,
  free: readonly FreeRow[],
  head: Head,
  files: readonly FoundFile[],
): void {
  const met = new Map(files.map((file) => [file.path, file]));
  const source = { cache: renga.cache, zone: renga.publication.zone };
  const inZone = new Temporal.ZonedDateTime(0n, source.zone);
  const looks: Look[] = [];
  const posts: RecalledRow[] = [];
  for (const row of sheet.rows) {
    const kept = new KeptPost(sheet, row);
    const from = placeOf(kept, met, head.top);
    if (!kept.isPost) {
      looks.push({ from, parsed: recallOther(kept), isSettled: true });
      continue;
    }
    const one = new RecalledRow(kept, source, inZone);
    posts.push(one);
    looks.push({ from, parsed: new RecalledPostLook(one.file), isSettled: true });
  }
  memory.posts.recall(looks);
  memory.identities.recall(head.mark, posts, free.map(readFree));
  recallEntries(renga, memory, posts, head);
}

/** The very file that the walk met, where it is as it was. */
function placeOf({ path, stamp }: KeptPost, met: ReadonlyMap<string, FoundFile>, top: string): FoundFile {
  const file = met.get(path);
  return file?.stamp === stamp ? file : plainFile(top, path, stamp);
}

function recallOther({ problems }: KeptPost): Look['parsed'] {
  return problems.length > 0 ? { kind: 'left-out', problems } : { kind: 'not-a-post' };
}

function recallEntries(renga: Renga, memory: SiteMemory, posts: readonly RecalledRow[], head: Head): void {
  const shown = memory.identities.newestFirst.filter((post) => keptOf(post)?.has(PREPARED));
  if (orderOf(shown.map(({ id }) => id)) !== head.order) throw new Forgotten('order');
  const bodies = bodiesOf(renga, memory);
  const entries = new Map<Post, RecalledEntry>();
  for (const post of shown) {
    const kept = keptOf(post);
    if (kept?.fingerprint) entries.set(post, new RecalledEntry(bodies, post, kept));
  }
  memory.entries.recalled(shown, memory.identities.newestFirst, (post) =>
    oneEntry(entries.get(post), keptOf(post)),
  );
  // A neighbour that was not kept will be another value.
  if (entries.size < shown.length) return;
  const newestFirst = [...entries.values()];
  memory.pages.recalled = {
    seed: head.seed,
    entries: newestFirst,
    fingerprintOf: ({ post }) => fingerprintOfPage(memory, post),
  };
  memory.shown = lastShown(memory, newestFirst, posts);
}

function keptOf(post: Post): KeptPost | null {
  return post instanceof RecalledPost && post.facts instanceof KeptPost ? post.facts : null;
}

function oneEntry(entry: PreparedEntry | undefined, kept: KeptPost | null): OneEntry | undefined {
  if (!entry || !kept) return undefined;
  return {
    entry,
    problems: kept.entryProblems,
    isSettled: true,
    showsFiles: kept.has(SHOWS_FILES),
    linksTo: kept.linksTo,
  };
}

/** That of its file, where that was it. */
function fingerprintOfPage({ outputs }: SiteMemory, post: Post): string | null {
  const file = keptOf(post)?.has(HAS_PAGE) ? outputs.fileAt(pathOfPost(post.slug)) : null;
  return file?.fingerprint ?? null;
}

/** On its own: what is held by all entries holds nothing else. */
function bodiesOf(renga: Renga, { identities, posts }: SiteMemory): EntryBodies {
  return {
    renga,
    findPost: openFindPost({ posts, identities }, renga.clock),
    markdownOf: (post) => {
      const file = identities.fileOf(post);
      return file ? readMarkdown(posts, file) : null;
    },
  };
}

/** What readers were shown; null where one is not shown as it is now. `entries`: newest first. */
function lastShown(
  { identities }: SiteMemory,
  entries: readonly RecalledEntry[],
  posts: readonly RecalledRow[],
): LastShown | null {
  if (!entries.every(({ post }) => keptOf(post)?.isShown)) return null;
  const newest = entries.filter(({ post }) => keptOf(post)?.has(IN_MAIN_FEED));
  const others = posts.flatMap(({ kept }) => (kept.has(PREPARED) ? [] : kept.record));
  const rest = [...identities.free, ...others];
  return {
    prepared: entries,
    newest,
    kept: rest.filter(({ showing }) => showing?.until === null),
    gone: rest.filter(({ showing }) => showing?.until),
  };
}
