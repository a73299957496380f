/** Posts with their identities, entries and pages as the last program left them, put together from the rows it kept. */
import { Forgotten } from '../../domain/forgotten.ts';
import type { Look } from '../../posts/post-memory.ts';
import { readMarkdown } from '../../posts/read-posts.ts';
import { type FoundFile, plainFile } from '../../posts/found-file.ts';
import { RecalledFile, RecalledPostLook } from '../../posts/recalled-file.ts';
import type { EntryBodies } from '../entries/post-entry.ts';
import { RecalledEntry } from '../entries/recalled-entry.ts';
import { openFindPost } from '../identity/gather-posts.ts';
import type { RecalledIdentity } from '../identity/known-record.ts';
import { pathOfPost } from '../../render/pages/post-page.ts';
import { RecalledPost } from '../identity/recalled-post.ts';
import type { Renga } from '../renga.ts';
import { orderOf } from './keep-site.ts';
import type { Head } from './kept-site.ts';
import {
  factsOfFile,
  type FileRow,
  isPostRow,
  NONE,
  type OtherRow,
  type PostRow,
  readRecord,
  type RecordRow,
  openMoments,
  PREPARED,
  SHOWS_FILES,
} from './post-rows.ts';
import type { LastShown } from './plan-shown.ts';
import type { SiteMemory } from './site-memory.ts';

type RecalledRow = RecalledIdentity & {
  readonly post: RecalledPost;
  readonly row: PostRow;
};

/** `free`: records of no file. `files`: that were met already. Throws Forgotten where rows and head do not belong together. */
export function recallPosts(
  renga: Renga,
  memory: SiteMemory,
  rows: readonly FileRow[],
  free: readonly RecordRow[],
  head: Head,
  files: readonly FoundFile[],
): void {
  const met = new Map(files.map((file) => [file.path, file]));
  const momentOf = openMoments();
  const source = { cache: renga.cache, zone: renga.publication.zone };
  const inZone = new Temporal.ZonedDateTime(0n, source.zone);
  const looks: Look[] = [];
  const posts: RecalledRow[] = [];
  const recallPost = (row: PostRow, path: string): Look['parsed'] => {
    const file = new RecalledFile(factsOfFile(row, path), source);
    const record = readRecord(row[15], momentOf, file);
    const post = new RecalledPost({ id: record.id, publishedAt: row[9], updatedAt: row[10] }, file, inZone);
    posts.push({ file, post, record, row });
    return new RecalledPostLook(file);
  };
  for (const row of rows) {
    const from = placeOf(row, met, head.top);
    looks.push({
      from,
      parsed: isPostRow(row) ? recallPost(row, from.path) : recallOther(row),
      isSettled: true,
    });
  }
  memory.posts.recall(looks);
  const records = free.map((row) => readRecord(row, momentOf));
  memory.identities.recall(head.mark, posts, records);
  recallEntries(renga, memory, posts, head);
}

/** The very file that the walk met, where it is as it was. */
function placeOf([path, stamp]: FileRow, met: ReadonlyMap<string, FoundFile>, top: string): FoundFile {
  const file = met.get(path);
  return file?.stamp === stamp ? file : plainFile(top, path, stamp);
}

function recallOther([, , problems]: OtherRow): Look['parsed'] {
  return problems !== 0 ? { kind: 'left-out', problems } : { kind: 'not-a-post' };
}

function recallEntries(renga: Renga, memory: SiteMemory, posts: readonly RecalledRow[], head: Head): void {
  const { identities } = memory;
  const bodies = bodiesOf(renga, memory);
  const prepared = new Map<object, RecalledRow>();
  for (const one of posts) if ((one.row[6] & PREPARED) !== 0) prepared.set(one.post, one);
  const order = identities.newestFirst.flatMap((post) => prepared.get(post) ?? []);
  if (orderOf(order.map(({ post }) => post.id)) !== head.order) throw new Forgotten('order');
  // What is another than it was then, or shown otherwise, may be what others link to.
  memory.entries.notice(
    order.map(({ post }) => post),
    identities.newestFirst,
  );
  const entries = order.map(({ post, row }) => {
    const [fingerprint, assets] = [row[11], row[12]];
    return fingerprint === 0 ? null : new RecalledEntry(bodies, post, fingerprint, assets || NONE);
  });
  for (const [index, { post, row }] of order.entries()) {
    const entry = entries[index];
    if (!entry) continue;
    const showsFiles = (row[6] & SHOWS_FILES) !== 0;
    memory.entries.set(post, {
      entry,
      problems: row[13] || NONE,
      isSettled: true,
      showsFiles,
      linksTo: row[16] ?? NONE,
    });
    const fingerprint = sharedFingerprint(memory, post, row[14]);
    const [newer, older] = [entries[index - 1], entries[index + 1]];
    // A neighbour that was not kept will be another value.
    if (fingerprint === 0 || newer === null || older === null) continue;
    memory.pages.recalled.set(entry, { seed: head.seed, older, newer, fingerprint });
  }
  memory.shown = lastShown(memory, entries);
}

/** Of a post's page: its file has the same. */
function sharedFingerprint({ outputs }: SiteMemory, { slug }: RecalledPost, own: string | 0): string | 0 {
  const known = outputs.fileAt(pathOfPost(slug))?.fingerprint;
  return known === own ? known : own;
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

/** What readers were shown, by the records; null where not all of that is known. `entries`: newest first. */
function lastShown({ identities }: SiteMemory, entries: readonly (RecalledEntry | null)[]): LastShown | null {
  const prepared: RecalledEntry[] = [];
  const newest: RecalledEntry[] = [];
  const ids = new Set<string>();
  for (const entry of entries) {
    const showing = entry && identities.recordOf(entry.post.id)?.showing;
    if (showing?.until !== null || showing.slug !== entry?.post.slug) return null;
    ids.add(entry.post.id);
    prepared.push(entry);
    if (showing.isInFeed) newest.push(entry);
  }
  const gone = identities.records.filter(({ showing }) => showing?.until);
  const kept = identities.records.filter(({ id, showing }) => showing?.until === null && !ids.has(id));
  return { prepared, newest, kept, gone };
}
