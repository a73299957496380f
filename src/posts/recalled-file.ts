/**
 * A post file as it is held among thousands: what lists and plans ask of all is at hand. The rest is packed in one text, or read from the cache when it is asked for: then it is
 * the very file that was read, or Forgotten is thrown.
 */
import type { Cache } from '../domain/cache.ts';
import { Forgotten } from '../domain/forgotten.ts';
import type { PostFile } from '../domain/post.ts';
import { Recent } from '../domain/recent.ts';
import { packRest, parseKept, POST_FILES, type RestOfPost, unpackRest } from './keep-post.ts';
import type { ParsedPost } from './parse-post.ts';

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

/** Of ten thousand that are made into a site, each is asked several times, in several orders. */
const MOST_READ = 12_000;
const recent = new Recent<RecalledFile, RestOfPost>(MOST_READ);

export class RecalledFile implements PostFile {
  readonly #facts: FileFacts;
  readonly #source: FileSource;
  readonly #packed: string | null;

  /** `packed`: the rest of it; without it, the cache has that. */
  constructor(facts: FileFacts, source: FileSource, packed: string | null = null) {
    this.#packed = packed;
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

  get rest(): RestOfPost {
    const known = recent.get(this);
    if (known) return known;
    const { zone } = this.#source;
    const rest = this.#packed === null ? readRest(this, this.#source) : unpackRest(this.#packed, zone);
    recent.set(this, rest);
    return rest;
  }
  /** Only those ask who tell posts apart. */
  get sketch(): PostFile['sketch'] {
    return readKept(this, this.#source).file.sketch;
  }

  get contentHash(): string {
    return this.rest.contentHash;
  }
  get haiku(): PostFile['haiku'] {
    return this.rest.haiku;
  }
  get title(): string {
    return this.rest.title;
  }
  get publishedAt(): PostFile['publishedAt'] {
    return this.rest.publishedAt;
  }
  get updatedAt(): PostFile['updatedAt'] {
    return this.rest.updatedAt;
  }
  get changedAt(): PostFile['changedAt'] {
    return this.rest.changedAt;
  }
  get author(): string | null {
    return this.rest.author;
  }
  get summary(): string | null {
    return this.rest.summary;
  }
  get canonical(): string | null {
    return this.rest.canonical;
  }
  get image(): string | null {
    return this.rest.image;
  }
  get audio(): string | null {
    return this.rest.audio;
  }
  get duration(): number | null {
    return this.rest.duration;
  }
}

function readRest(facts: Pick<FileFacts, 'path' | 'fileHash'>, source: FileSource): RestOfPost {
  const { file, place } = readKept(facts, source);
  return { ...file, place };
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

/** A post that was just read; `path`: its own, as it is held elsewhere. The cache is to have it soon, for its sketch. */
export function holdLittle(read: ReadPost, path: string, source: FileSource): RecalledPostLook {
  const { fileHash, id: fileId, slug, tags, draft, inDigests, inFeeds, correction, problems } = read.file;
  const facts = { path, fileHash, fileId, slug, tags, draft, inDigests, inFeeds, correction, problems };
  return new RecalledPostLook(new RecalledFile(facts, source, packRest(read)));
}

/** What a look at it gave: its place is read with the rest. */
export class RecalledPostLook {
  readonly kind = 'post';
  readonly file: RecalledFile;

  constructor(file: RecalledFile) {
    this.file = file;
  }

  get place(): ReadPost['place'] {
    return this.file.rest.place;
  }
}
