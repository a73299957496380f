/** A record and the file of its post say the same texts: read from two places, they would be held twice, of each of a hundred thousand posts. */
import type { PostFile, PostRecord } from '../../domain/post.ts';

/** The record with the file's own texts, where they say the same. */
export function shareTexts(record: PostRecord, file: PostFile): PostRecord {
  const { path, slug, fileHash, contentHash, title, sketch } = file;
  const { traits } = record;
  const isSame =
    record.path === path &&
    record.slug === slug &&
    record.fileHash === fileHash &&
    record.contentHash === contentHash &&
    traits?.title === title &&
    traits.sketch.length === sketch.length &&
    traits.sketch.every((hash, index) => hash === sketch[index]);
  if (!isSame || traits.sketch === sketch) return record;
  return { ...record, path, slug, fileHash, contentHash, traits: { ...traits, title, sketch } };
}
