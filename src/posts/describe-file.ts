/** What must be known of a picture or file before it is copied: its hash, its length, and a picture's size. Files of any length are read in pieces. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { disableTypes, imageSize, types } from 'image-size';
import { stampOf } from './read-file-bytes.ts';

export type FileFacts = {
  /** SHA-256 (hex). */
  readonly hash: string;
  readonly bytes: number;
  readonly size: { readonly width: number; readonly height: number } | null;
};

/** `stamp`: of the file as it was read; null where it changed meanwhile. */
export type DescribedFile = { readonly facts: FileFacts; readonly stamp: string | null };

/** Dimensions stand at the beginning of every format of the web; behind long EXIF data in a JPEG at worst. */
const HEAD_BYTES = 512 * 1024;
const PIECE_BYTES = 128 * 1024;
const WEB_PICTURES = new Set(['avif', 'bmp', 'gif', 'heif', 'ico', 'jpg', 'png', 'svg', 'webp']);

// Formats no browser shows are none of ours, and each parser less is one that no file can lead astray.
disableTypes(types.filter((type) => !WEB_PICTURES.has(type)));

/** Null when it is no regular file any more. */
export async function describeFile(file: string): Promise<DescribedFile | null> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const before = await handle.stat({ bigint: true });
    if (!before.isFile()) return null;
    const facts = await readFacts(handle, Number(before.size));
    const stamp = stampOf(before);
    const isSame = stampOf(await handle.stat({ bigint: true })) === stamp;
    return { facts, stamp: isSame ? stamp : null };
  } finally {
    await handle.close();
  }
}

/** In one buffer no larger than the file: that of a stream would be filled with zeros twice for each of ten thousand small pictures. */
async function readFacts(handle: FileHandle, length: number): Promise<FileFacts> {
  const sum = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, length + 1));
  const head: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, bytes);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    sum.update(piece);
    if (bytes < HEAD_BYTES) head.push(Buffer.from(piece));
    bytes += bytesRead;
  }
  return { hash: sum.digest('hex'), bytes, size: measurePicture(Buffer.concat(head)) };
}

/** EXIF orientations 5 to 8 lie on their side, and browsers turn them. */
function measurePicture(head: Uint8Array): FileFacts['size'] {
  try {
    const { width, height, orientation = 1 } = imageSize(head);
    if (!(width > 0 && height > 0)) return null;
    const isTurned = orientation >= 5;
    const [across, down] = isTurned ? [height, width] : [width, height];
    return { width: Math.round(across), height: Math.round(down) };
  } catch {
    // The package throws plain errors of many kinds for what it cannot read: then the size is not known.
    return null;
  }
}
