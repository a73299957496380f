/** Which record belongs to which file: the heart of identity. Pure, and the same for any order of the records. */
import type { PostFile, PostRecord } from '../../domain/post.ts';
import { openKinFinder } from './find-kin.ts';

/**
 * Which record belongs to which file. Stronger evidence first over all files, so that two posts that swapped names
 * keep their ids: its own id, then path and content together, then content alone (a rename), then kin at the same path (an edit), kin
 * elsewhere (an edit and a rename at once), then path, then slug.
 */
export function matchRecords(
  files: readonly PostFile[],
  records: readonly PostRecord[],
  now: Temporal.Instant,
): ReadonlyMap<PostFile, PostRecord> {
  const matching: Matching = { files, matched: new Map(), free: new Set(records) };
  for (const keys of EXACT) matchByKey(matching, keys);
  // Where all records have their file, as before the first publish, what is left is new.
  if (matching.matched.size === files.length || matching.free.size === 0) return matching.matched;
  matchKin(matching, (file, record) => file.path === record.path);
  matchKin(matching, () => true);
  // What was taken away long ago and comes back in other words is another post at an old place.
  for (const record of matching.free) if (isLongGone(record, now)) matching.free.delete(record);
  for (const keys of BY_PLACE) matchByKey(matching, keys);
  return matching.matched;
}

type Matching = {
  readonly files: readonly PostFile[];
  readonly matched: Map<PostFile, PostRecord>;
  /** Records that no file has yet. */
  readonly free: Set<PostRecord>;
};

function matchByKey({ files, matched, free }: Matching, keys: Evidence): void {
  if (free.size === 0) return;
  const asking = files.flatMap((file) => {
    const key = matched.has(file) ? null : keys.ofFile(file);
    return key === null ? [] : [{ file, key }];
  });
  if (asking.length === 0) return;
  // Several may share a key, such as twins in content: the first record goes to the first file.
  const byKey = Map.groupBy(free, keys.ofRecord);
  for (const { file, key } of asking) {
    const record = byKey.get(key)?.shift();
    if (!record) continue;
    free.delete(record);
    matched.set(file, record);
  }
}

function matchKin(
  { files, matched, free }: Matching,
  isPlace: (file: PostFile, record: PostRecord) => boolean,
): void {
  const kin = openKinFinder(free);
  for (const file of files) {
    if (matched.has(file) || file.id !== null) continue;
    const record = kin.find(file);
    if (!record || !isPlace(file, record)) continue;
    kin.take(record);
    free.delete(record);
    matched.set(file, record);
  }
}

/** An editor or a change of branch takes a file away for a moment. */
const MOMENT_HOURS = 24;

function isLongGone({ showing }: PostRecord, now: Temporal.Instant): boolean {
  const until = showing?.until;
  return !!until && Temporal.Instant.compare(until.add({ hours: MOMENT_HOURS }), now) < 0;
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

const EXACT: readonly Evidence[] = [
  { ofFile: (file) => file.id, ofRecord: (record) => record.id },
  {
    ofFile: unnamed((file) => `${file.path}\n${file.contentHash}`),
    ofRecord: (record) => `${record.path}\n${record.contentHash}`,
  },
  { ofFile: unnamed((file) => file.contentHash), ofRecord: (record) => record.contentHash },
];
const BY_PLACE: readonly Evidence[] = [
  { ofFile: unnamed((file) => file.path), ofRecord: (record) => record.path },
  { ofFile: unnamed((file) => file.slug), ofRecord: (record) => record.slug },
];
