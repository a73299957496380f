/**
 * Gives each post file its identity: the id it had when it was first seen, whatever became of its name, place, date or
 * the publication's domain since. A reader must never see an old post as new. Pure: what is to be remembered is returned.
 */
import type { Post, PostFile, PostRecord } from '../domain/post.ts';

export type Identified = {
  /** In the order of the files. */
  readonly posts: readonly Post[];
  /** Records that are new or changed, to be stored before anything is published with them. */
  readonly changedRecords: readonly PostRecord[];
  /** Ids seen for the first time. */
  readonly newIds: ReadonlySet<string>;
};

/** `authority` is the host that new ids are minted under (RFC 4151); `zone` sets dates of posts that have none. */
export function identifyPosts(
  files: readonly PostFile[],
  records: readonly PostRecord[],
  context: { readonly authority: string; readonly zone: string; readonly now: Temporal.Instant },
): Identified {
  const matched = matchRecords(files, records);
  // Ids that files name are theirs, in whatever order the files come.
  const taken = new Set([...records.map((record) => record.id), ...files.flatMap((file) => file.id ?? [])]);
  const changedRecords: PostRecord[] = [];
  const newIds = new Set<string>();
  const posts = files.map((file) => {
    const known = matched.get(file);
    const record = known ? updateRecord(known, file, context.now) : createRecord(file, taken, context);
    if (!known) newIds.add(record.id);
    if (record !== known) changedRecords.push(record);
    taken.add(record.id);
    return composePost(file, record, context.zone);
  });
  return { posts, changedRecords, newIds };
}

/**
 * Which record belongs to which file. Stronger evidence first over all files, so that two posts that swapped names
 * keep their ids: its own id, then path and content together, then content alone (a rename), then path (an edit), then slug.
 */
function matchRecords(
  files: readonly PostFile[],
  records: readonly PostRecord[],
): ReadonlyMap<PostFile, PostRecord> {
  const matched = new Map<PostFile, PostRecord>();
  const free = new Set(records);
  for (const keys of EVIDENCE) {
    // Several may share a key, such as twins in content: the first record goes to the first file.
    const byKey = Map.groupBy(free, keys.ofRecord);
    for (const file of files) {
      if (matched.has(file)) continue;
      const key = keys.ofFile(file);
      const record = key === null ? undefined : byKey.get(key)?.shift();
      if (!record) continue;
      free.delete(record);
      matched.set(file, record);
    }
  }
  return matched;
}

type Evidence = {
  readonly ofFile: (file: PostFile) => string | null;
  readonly ofRecord: (record: PostRecord) => string;
};

/** A file that names its own id is that post and no other; the weaker kinds are for files that do not. */
const unnamed =
  (key: (file: PostFile) => string) =>
  (file: PostFile): string | null =>
    file.id === null ? key(file) : null;

const EVIDENCE: readonly Evidence[] = [
  { ofFile: (file) => file.id, ofRecord: (record) => record.id },
  {
    ofFile: unnamed((file) => `${file.path}\n${file.contentHash}`),
    ofRecord: (record) => `${record.path}\n${record.contentHash}`,
  },
  { ofFile: unnamed((file) => file.contentHash), ofRecord: (record) => record.contentHash },
  { ofFile: unnamed((file) => file.path), ofRecord: (record) => record.path },
  { ofFile: unnamed((file) => file.slug), ofRecord: (record) => record.slug },
];

function updateRecord(known: PostRecord, file: PostFile, now: Temporal.Instant): PostRecord {
  const contentChanged = known.contentHash !== file.contentHash;
  const same =
    !contentChanged &&
    known.path === file.path &&
    known.slug === file.slug &&
    known.fileHash === file.fileHash;
  if (same) return known;
  const { path, slug, fileHash, contentHash } = file;
  return { ...known, path, slug, fileHash, contentHash, changedAt: contentChanged ? now : known.changedAt };
}

function createRecord(
  file: PostFile,
  taken: ReadonlySet<string>,
  context: { readonly authority: string; readonly zone: string; readonly now: Temporal.Instant },
): PostRecord {
  const { path, slug, fileHash, contentHash } = file;
  const id = file.id ?? mintId(file, taken, context);
  return { id, path, slug, fileHash, contentHash, firstSeenAt: context.now, changedAt: null };
}

/** RFC 4151 `tag:AUTHORITY,DATE:SLUG`: the same on every clone for a post that has a date. */
function mintId(
  file: PostFile,
  taken: ReadonlySet<string>,
  context: { readonly authority: string; readonly zone: string; readonly now: Temporal.Instant },
): string {
  const published = file.publishedAt ?? context.now.toZonedDateTimeISO(context.zone);
  const id = `tag:${context.authority},${published.toPlainDate().toString()}:${file.slug}`;
  let candidate = id;
  for (let count = 2; taken.has(candidate); count += 1) candidate = `${id}-${count}`;
  return candidate;
}

function composePost(file: PostFile, record: PostRecord, zone: string): Post {
  const publishedAt =
    file.publishedAt ??
    record.firstSeenAt.toZonedDateTimeISO(zone).round({ smallestUnit: 'second', roundingMode: 'floor' });
  const changedAt = file.updatedAt ?? record.changedAt?.toZonedDateTimeISO(zone) ?? publishedAt;
  const updatedAt = Temporal.ZonedDateTime.compare(changedAt, publishedAt) < 0 ? publishedAt : changedAt;
  return { ...file, id: record.id, publishedAt, updatedAt };
}
