/**
 * Gives each post file its identity: the id it had when it was first seen, whatever became of its name, place, date or
 * the publication's domain since. A reader must never see an old post as new. Pure: what is to be remembered is returned.
 */
import type { Post, PostFile, PostRecord } from '../../domain/post.ts';
import { RecalledFile } from '../../posts/recalled-file.ts';
import type { Witnessed } from '../../domain/witness.ts';
import { traitsOf } from './find-kin.ts';
import { matchRecords } from './match-records.ts';
import { newRecord } from './new-record.ts';
import { openRecall, type Recall } from './recall-post.ts';
import { RecalledPost, zeroIn } from './recalled-post.ts';

export type Identified = {
  /** In the order of the files. */
  readonly posts: readonly Post[];
  /** Records that are new or changed, to be stored before anything is published with them. */
  readonly changedRecords: readonly PostRecord[];
  /** Ids seen for the first time. */
  readonly newIds: ReadonlySet<string>;
};

/** Ids that are somebody's. */
export type Taken = Pick<ReadonlySet<string>, 'has'>;

export type Identifying = {
  /** The host that new ids are minted under (RFC 4151). */
  readonly authority: string;
  /** Sets dates of posts that have none. */
  readonly zone: string;
  readonly now: Temporal.Instant;
  /** What readers have; asked only when a post is not known, or not as it is. */
  readonly witness: () => readonly Witnessed[];
  /** Ids of posts that are not among the files. */
  readonly taken?: Taken;
};

export function identifyPosts(
  files: readonly PostFile[],
  records: readonly PostRecord[],
  context: Identifying,
): Identified {
  const matched = matchRecords(files, records, context.now);
  // Ids that files name are theirs, in whatever order the files come.
  const here = new Set(records.map(({ id }) => id));
  for (const { id } of files) if (id !== null) here.add(id);
  const taken: Taken = { has: (id) => here.has(id) || context.taken?.has(id) === true };
  const recall = openRecall(context.witness);
  const changedRecords: PostRecord[] = [];
  const newIds = new Set<string>();
  const posts = files.map((file) => {
    const known = matched.get(file);
    const record = known
      ? updateRecord(known, file, context.now, recall)
      : createRecord(file, taken, context, recall);
    if (!known) newIds.add(record.id);
    if (record !== known) changedRecords.push(record);
    here.add(record.id);
    return composePost(file, record, context.zone);
  });
  return { posts, changedRecords, newIds };
}

function updateRecord(known: PostRecord, file: PostFile, now: Temporal.Instant, recall: Recall): PostRecord {
  const { path, slug, fileHash, contentHash } = file;
  const isSame =
    known.contentHash === contentHash &&
    known.path === path &&
    known.slug === slug &&
    known.fileHash === fileHash &&
    known.traits !== null;
  if (isSame) return known;
  const changedAt = findChange(known, file, now, recall);
  return { ...known, path, slug, fileHash, contentHash, changedAt, traits: traitsOf(file) };
}

/**
 * When the content changed last. A record can be behind what readers have, in an older copy of the database: then the change was told
 * already, at the time that the file or the feeds say.
 */
function findChange(
  known: PostRecord,
  file: PostFile,
  now: Temporal.Instant,
  recall: Recall,
): Temporal.Instant | null {
  const isNews = (at: Temporal.Instant | undefined): at is Temporal.Instant =>
    at !== undefined && isBefore(known.changedAt ?? known.firstSeenAt, at) && !isBefore(now, at);
  const written = file.changedAt?.toInstant();
  if (known.contentHash === file.contentHash) return isNews(written) ? written : known.changedAt;
  const told = recall.byId(known.id);
  const toldAt = told && isBefore(told.publishedAt, told.updatedAt) ? told.updatedAt : undefined;
  return (
    [written, toldAt]
      .filter(isNews)
      .sort((a, b) => Temporal.Instant.compare(a, b))
      .at(-1) ?? now
  );
}

/** In whole seconds, as feeds and front matter have them. */
function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Math.floor(a.epochMilliseconds / 1000) < Math.floor(b.epochMilliseconds / 1000);
}

function createRecord(file: PostFile, taken: Taken, context: Identifying, recall: Recall): PostRecord {
  const { path, slug } = file;
  const told = recall.ofFile(file, taken);
  const changedAt =
    file.changedAt?.toInstant() ??
    (told && isBefore(told.publishedAt, told.updatedAt) ? told.updatedAt : null);
  return newRecord(file, {
    id: file.id ?? told?.id ?? mintId(file, taken, context),
    path,
    slug,
    firstSeenAt: told?.publishedAt ?? context.now,
    changedAt,
    showing: null,
  });
}

/** RFC 4151 `tag:AUTHORITY,DATE:SLUG`: the same on every clone for a post that has a date. */
function mintId(file: PostFile, taken: Taken, context: Identifying): string {
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
  const isEarlier = changedAt !== publishedAt && Temporal.ZonedDateTime.compare(changedAt, publishedAt) < 0;
  const updatedAt = isEarlier ? publishedAt : changedAt;
  if (file instanceof RecalledFile) {
    const [published, updated] = [publishedAt.epochMilliseconds, updatedAt.epochMilliseconds];
    return new RecalledPost(
      { id: record.id, publishedAt: published, updatedAt: updated },
      file,
      zeroIn(zone),
    );
  }
  const { sketch: _sketch, changedAt: _changedAt, ...shared } = file;
  return { ...shared, id: record.id, publishedAt, updatedAt };
}
