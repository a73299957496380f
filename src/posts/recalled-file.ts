/**
 * A post file as it is recalled: what lists and plans ask of thousands is at hand, and the rest is read from the cache when it is asked for. It is the very
 * file that was read, or Forgotten is thrown.
 */
import type { Cache } from '../domain/cache.ts';
import { Forgotten } from '../domain/forgotten.ts';
import type { PostFile } from '../domain/post.ts';
import { Recent } from '../domain/recent.ts';
import { parseKept } from './keep-post.ts';
import type { ParsedPost } from './parse-post.ts';
import { POST_FILES } from './read-posts.ts';

type ReadPost = Extract<ParsedPost, { kind: 'post' }>;

/** What is at hand. */
export type FileFacts = Pick<
  PostFile,
  'path' | 'fileHash' | 'slug' | 'tags' | 'draft' | 'inDigests' | 'inFeeds' | 'correction' | 'problems'
> & {
  /** As its front matter says. */
  readonly fileId: string | null;
};

/** Where the rest is kept, and in which zone its dates are given. */
export type FileSource = { readonly cache: Pick<Cache, 'get'>; readonly zone: string };

/** A year of a list is asked for as much as this. */
const MOST_READ = 1000;
const recent = new Recent<RecalledFile, ReadPost>(MOST_READ);

export class RecalledFile implements PostFile {
  readonly #facts: FileFacts;
  readonly #source: FileSource;

  constructor(facts: FileFacts, source: FileSource) {
    this.#facts = facts;
    this.#source = source;
  }

  get path(): string {
    return this.#facts.path;
  }
  get fileHash(): string {
    return this.#facts.fileHash;
  }
  get id(): string | null {
    return this.#facts.fileId;
  }
  get slug(): string {
    return this.#facts.slug;
  }
  get tags(): readonly string[] {
    return this.#facts.tags;
  }
  get draft(): boolean {
    return this.#facts.draft;
  }
  get inDigests(): boolean {
    return this.#facts.inDigests;
  }
  get inFeeds(): boolean {
    return this.#facts.inFeeds;
  }
  get correction(): string | null {
    return this.#facts.correction;
  }
  get problems(): PostFile['problems'] {
    return this.#facts.problems;
  }

  /** All of it, as it was read. */
  get read(): ReadPost {
    const known = recent.get(this);
    if (known) return known;
    const read = readKept(this, this.#source);
    recent.set(this, read);
    return read;
  }

  get contentHash(): string {
    return this.read.file.contentHash;
  }
  get sketch(): PostFile['sketch'] {
    return this.read.file.sketch;
  }
  get haiku(): PostFile['haiku'] {
    return this.read.file.haiku;
  }
  get title(): string {
    return this.read.file.title;
  }
  get publishedAt(): PostFile['publishedAt'] {
    return this.read.file.publishedAt;
  }
  get updatedAt(): PostFile['updatedAt'] {
    return this.read.file.updatedAt;
  }
  get changedAt(): PostFile['changedAt'] {
    return this.read.file.changedAt;
  }
  get author(): string | null {
    return this.read.file.author;
  }
  get summary(): string | null {
    return this.read.file.summary;
  }
  get canonical(): string | null {
    return this.read.file.canonical;
  }
  get image(): string | null {
    return this.read.file.image;
  }
  get audio(): string | null {
    return this.read.file.audio;
  }
  get duration(): number | null {
    return this.read.file.duration;
  }
}

function readKept(
  { path, fileHash }: Pick<FileFacts, 'path' | 'fileHash'>,
  { cache, zone }: FileSource,
): ReadPost {
  const text = cache.get(POST_FILES, path);
  const kept = text === null ? null : parseKept(text, zone);
  if (kept?.parsed.kind !== 'post' || kept.fileHash !== fileHash) throw new Forgotten(path);
  return kept.parsed;
}

/** What a look at it gave: its place is read with the rest. */
export class RecalledPostLook {
  readonly kind = 'post';
  readonly file: RecalledFile;

  constructor(file: RecalledFile) {
    this.file = file;
  }

  get place(): ReadPost['place'] {
    return this.file.read.place;
  }
}
