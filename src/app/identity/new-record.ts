/** The record of a post that was just met. Of a file that is held in little, what only tells posts apart is asked when the record is written. */
import type { PostFile, PostRecord, SeenPost } from '../../domain/post.ts';
import type { Traits } from '../../domain/traits.ts';
import { RecalledFile } from '../../posts/recalled-file.ts';
import { traitsOf } from './find-kin.ts';
import { shareTexts } from './share-texts.ts';

/** Good until the file changes. */
export function newRecord(file: PostFile, seen: SeenPost): PostRecord {
  return file instanceof RecalledFile ? new NewRecord(file, seen) : composeRecord(file, seen);
}

function composeRecord(file: PostFile, seen: SeenPost): PostRecord {
  const { fileHash, contentHash } = file;
  return { ...seen, fileHash, contentHash, traits: traitsOf(file) };
}

class NewRecord implements PostRecord {
  readonly #file: PostFile;
  readonly id: string;
  readonly path: string;
  readonly slug: string;
  readonly firstSeenAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant | null;
  readonly showing = null;

  constructor(file: PostFile, seen: SeenPost) {
    this.#file = file;
    this.id = seen.id;
    this.path = seen.path;
    this.slug = seen.slug;
    this.firstSeenAt = seen.firstSeenAt;
    this.changedAt = seen.changedAt;
  }

  get fileHash(): string {
    return this.#file.fileHash;
  }
  get contentHash(): string {
    return this.#file.contentHash;
  }
  get traits(): Traits {
    return traitsOf(this.#file);
  }
}

/** As plain values, which may go to another thread. */
export function wholeRecord(record: PostRecord): PostRecord {
  const { id, path, slug, fileHash, contentHash, firstSeenAt, changedAt, traits, showing } = record;
  return { id, path, slug, fileHash, contentHash, firstSeenAt, changedAt, traits, showing };
}

/** What is held of a recorded post: of a file that is held in little, not what only tells one post from another. */
export function keepLittle(record: PostRecord, file: PostFile): SeenPost {
  if (!(file instanceof RecalledFile)) return shareTexts(record, file);
  const { id, path, slug, firstSeenAt, changedAt, showing } = record;
  return { id, path, slug, firstSeenAt, changedAt, showing };
}
