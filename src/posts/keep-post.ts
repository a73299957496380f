/** The form a read file has in the cache: what it said, under the stamp and zone it was read with. Anything else found there is forgotten. */
import type { PostFile } from '../domain/post.ts';
import type { Problem } from '../domain/problem.ts';
import type { BodyPlace, ParsedPost } from './parse-post.ts';

/** What one look at a file gave. `not-a-post`: a picture, or a text that is no transcript. */
export type ReadFile = ParsedPost | { readonly kind: 'not-a-post' };

export type KeptFile = {
  readonly stamp: string;
  readonly zone: string;
  /** SHA-256 (hex) of the bytes; empty for what is not a post, whose bytes were not all read. */
  readonly fileHash: string;
  readonly parsed: ReadFile;
};

/** Under which the cache keeps what each file said, by its path. */
export const POST_FILES = 'post-file';

/** Counted up whenever `parsePost` reads anything otherwise than before. */
const FORM = 7;

type Written = {
  readonly form: number;
  readonly stamp: string;
  readonly zone: string;
  readonly fileHash: string;
  readonly parsed:
    | { readonly kind: 'post'; readonly file: WrittenFile; readonly place: BodyPlace }
    | { readonly kind: 'left-out'; readonly problems: readonly Problem[] }
    | { readonly kind: 'not-a-post' };
};
/** What a file said, without the names of its fields: they would be half of what is read of thousands at each start. Times in milliseconds. */
type WrittenFile = readonly [
  path: PostFile['path'],
  fileHash: PostFile['fileHash'],
  contentHash: PostFile['contentHash'],
  sketch: PostFile['sketch'],
  id: PostFile['id'],
  slug: PostFile['slug'],
  haiku: PostFile['haiku'],
  title: PostFile['title'],
  publishedAt: number | null,
  updatedAt: number | null,
  changedAt: number | null,
  tags: PostFile['tags'],
  draft: PostFile['draft'],
  inDigests: PostFile['inDigests'],
  inFeeds: PostFile['inFeeds'],
  author: PostFile['author'],
  summary: PostFile['summary'],
  canonical: PostFile['canonical'],
  image: PostFile['image'],
  audio: PostFile['audio'],
  duration: PostFile['duration'],
  correction: PostFile['correction'],
  problems: PostFile['problems'],
];

/** What a post says besides what lists and plans ask of thousands. */
export type RestOfPost = Pick<
  PostFile,
  | 'contentHash'
  | 'haiku'
  | 'title'
  | 'publishedAt'
  | 'updatedAt'
  | 'changedAt'
  | 'author'
  | 'summary'
  | 'canonical'
  | 'image'
  | 'audio'
  | 'duration'
> & { readonly place: BodyPlace };

/** In one text: a tenth of the objects, and a third of the bytes, for as long as nobody asks. */
export function packRest({ file, place }: Extract<ParsedPost, { kind: 'post' }>): string {
  const { contentHash, haiku, title, author, summary, canonical, image, audio, duration } = file;
  const dates = [file.publishedAt, file.updatedAt, file.changedAt].map((at) => at?.epochMilliseconds ?? null);
  const rest = [contentHash, haiku, title, author, summary, canonical, image, audio, duration];
  return JSON.stringify([...dates, ...rest, place]);
}

export function unpackRest(text: string, zone: string): RestOfPost {
  const packed = JSON.parse(text) as readonly [...Dates, ...Rest];
  const [published, updated, changed, ...rest] = packed;
  const [contentHash, haiku, title, author, summary, canonical, image, audio, duration, place] = rest;
  const dates = {
    publishedAt: readMoment(published, zone),
    updatedAt: readMoment(updated, zone),
    changedAt: readMoment(changed, zone),
  };
  return { ...dates, contentHash, haiku, title, author, summary, canonical, image, audio, duration, place };
}

type Dates = [published: number | null, updated: number | null, changed: number | null];
type Rest = [
  contentHash: PostFile['contentHash'],
  haiku: PostFile['haiku'],
  title: PostFile['title'],
  author: PostFile['author'],
  summary: PostFile['summary'],
  canonical: PostFile['canonical'],
  image: PostFile['image'],
  audio: PostFile['audio'],
  duration: PostFile['duration'],
  place: BodyPlace,
];

export function renderKept({ stamp, zone, fileHash, parsed }: KeptFile): string {
  const written: Written = {
    form: FORM,
    stamp,
    zone,
    fileHash,
    parsed: parsed.kind === 'post' ? { ...parsed, file: writeFile(parsed.file) } : parsed,
  };
  return JSON.stringify(written);
}

/** Null for what another version of the program kept, for another zone, and for what cannot be read. */
export function parseKept(text: string, zone: string): KeptFile | null {
  const written = parseWritten(text);
  if (written?.form !== FORM || written.zone !== zone) return null;
  const { stamp, fileHash, parsed } = written;
  return {
    stamp,
    zone,
    fileHash,
    parsed: parsed.kind === 'post' ? { ...parsed, file: readFile(parsed.file, zone) } : parsed,
  };
}

function parseWritten(text: string): Written | null {
  try {
    return JSON.parse(text) as Written | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function writeFile(file: PostFile): WrittenFile {
  return [
    file.path,
    file.fileHash,
    file.contentHash,
    file.sketch,
    file.id,
    file.slug,
    file.haiku,
    file.title,
    file.publishedAt?.epochMilliseconds ?? null,
    file.updatedAt?.epochMilliseconds ?? null,
    file.changedAt?.epochMilliseconds ?? null,
    file.tags,
    file.draft,
    file.inDigests,
    file.inFeeds,
    file.author,
    file.summary,
    file.canonical,
    file.image,
    file.audio,
    file.duration,
    file.correction,
    file.problems,
  ];
}

function readFile(file: WrittenFile, zone: string): PostFile {
  return {
    path: file[0],
    fileHash: file[1],
    contentHash: file[2],
    sketch: file[3],
    id: file[4],
    slug: file[5],
    haiku: file[6],
    title: file[7],
    publishedAt: readMoment(file[8], zone),
    updatedAt: readMoment(file[9], zone),
    changedAt: readMoment(file[10], zone),
    tags: file[11],
    draft: file[12],
    inDigests: file[13],
    inFeeds: file[14],
    author: file[15],
    summary: file[16],
    canonical: file[17],
    image: file[18],
    audio: file[19],
    duration: file[20],
    correction: file[21],
    problems: file[22],
  };
}

function readMoment(milliseconds: number | null, zone: string): Temporal.ZonedDateTime | null {
  if (milliseconds === null) return null;
  if (inZone?.timeZoneId !== zone) inZone = new Temporal.ZonedDateTime(0n, zone);
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(inZone);
}

/** A moment in the zone asked for last: to find a zone by its name takes longer than all else about a moment. */
let inZone: Temporal.ZonedDateTime | null = null;
