/** The bytes of an opened file, and their hash: in one piece when it is small, piece by piece when it is not. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { PublicFile } from './open-public-file.ts';
import type { ByteRange } from './parse-range.ts';

/** Above this a body is streamed, so that slow readers of a large file do not fill the memory. */
const LARGEST_WHOLE = 1 << 20;
const PIECE = 1 << 16;
const LARGEST_MEMORY = 20_000;

export type FileBody = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** SHA-256 of a file's bytes, base64url, remembered for as long as its stamp stays. */
export type HashMemory = (file: PublicFile) => Promise<string>;

export function openHashMemory(): HashMemory {
  const known = new Map<string, string>();
  return async (file) => {
    const remembered = known.get(file.stamp);
    if (remembered !== undefined) return remembered;
    const hash = createHash('sha256');
    for await (const piece of pieces(file.handle, { first: 0, last: file.size - 1 })) hash.update(piece);
    const value = hash.digest('base64url');
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= LARGEST_MEMORY) known.delete(oldest);
    known.set(file.stamp, value);
    return value;
  };
}

/** Takes over the handle: it is closed when the body was read, or is not wanted any more. `range`: all of it, if left out. */
export async function readBody(
  file: PublicFile,
  range: ByteRange = { first: 0, last: file.size - 1 },
): Promise<FileBody> {
  if (range.last - range.first >= LARGEST_WHOLE) return streamBody(file, range);
  try {
    return await readPart(file, range);
  } finally {
    await file.handle.close();
  }
}

/** All of its bytes, for a small one. The handle stays the caller's. */
export async function readWhole(file: PublicFile): Promise<Uint8Array<ArrayBuffer>> {
  return await readPart(file, { first: 0, last: file.size - 1 });
}

async function readPart(file: PublicFile, range: ByteRange): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(range.last + 1 - range.first);
  let filled = 0;
  for await (const piece of pieces(file.handle, range)) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
}

function streamBody(file: PublicFile, range: ByteRange): ReadableStream<Uint8Array> {
  const reading = pieces(file.handle, range);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reading.next();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      await file.handle.close();
    },
    cancel: async () => await file.handle.close(),
  });
}

/** Exactly these bytes: a file cut short under our hands is an error, for its length has been announced. */
async function* pieces(handle: FileHandle, { first, last }: ByteRange): AsyncGenerator<Uint8Array, void> {
  for (let position = first; position <= last; ) {
    const length = Math.min(PIECE, last + 1 - position);
    const { bytesRead, buffer } = await handle.read({ buffer: new Uint8Array(length), position, length });
    if (bytesRead === 0) throw new Error('a file of public/ was cut short while it was read');
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
