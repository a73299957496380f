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

/** Counted up whenever `parsePost` reads anything otherwise than before. */
const FORM = 5;

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
type WrittenFile = Omit<PostFile, 'publishedAt' | 'updatedAt' | 'changedAt'> & {
  readonly publishedAt: number | null;
  readonly updatedAt: number | null;
  readonly changedAt: number | null;
};

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
  return {
    ...file,
    publishedAt: file.publishedAt?.epochMilliseconds ?? null,
    updatedAt: file.updatedAt?.epochMilliseconds ?? null,
    changedAt: file.changedAt?.epochMilliseconds ?? null,
  };
}

function readFile(file: WrittenFile, zone: string): PostFile {
  return {
    ...file,
    publishedAt: readMoment(file.publishedAt, zone),
    updatedAt: readMoment(file.updatedAt, zone),
    changedAt: readMoment(file.changedAt, zone),
  };
}

function readMoment(milliseconds: number | null, zone: string): Temporal.ZonedDateTime | null {
  return milliseconds === null
    ? null
    : Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone);
}
