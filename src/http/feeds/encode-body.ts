/**
 * A body in the content codings that readers of feeds take (RFC 9110 §8.4.1; RFC 7932 for br, RFC 8878 for zstd, RFC 1952 for gzip), made once for
 * each version of a document and before anyone can ask for it.
 */
import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliCompressSync,
  constants,
  gzip,
  gzipSync,
  zstdCompress,
  zstdCompressSync,
} from 'node:zlib';

/** In the order we like them where a client likes several alike: the smallest first. */
export const CODINGS = ['br', 'zstd', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

type Encode = (body: Uint8Array) => Promise<Uint8Array>;

const brotli = promisify(brotliCompress);
const zstd = promisify(zstdCompress);
const deflate = promisify(gzip);

/** The highest levels that take a millisecond or two for a feed of 50 kB: somebody may wait for it. Those above take ten times as long for 1 to 4 % less. */
const ENCODERS: Readonly<Record<Coding, Encode>> = {
  br: async (body) =>
    await brotli(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 7,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  zstd: async (body) => await zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: 9 } }),
  gzip: async (body) => await deflate(body, { level: 9 }),
};

/** The same bytes in every coding that makes them smaller. */
export async function encodeBody(body: Uint8Array): Promise<ReadonlyMap<Coding, Uint8Array>> {
  const encoded = await Promise.all(
    CODINGS.map(async (coding) => [coding, await ENCODERS[coding](body)] as const),
  );
  return new Map(encoded.filter(([, bytes]) => bytes.length < body.length));
}

/** Off the loop and in a few milliseconds, for pages, which are many and seldom asked for again. */
const QUICK_ENCODERS: Readonly<Record<Coding, (body: Uint8Array) => Promise<Buffer<ArrayBuffer>>>> = {
  br: async (body) => await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: async (body) => await zstd(body),
  gzip: async (body) => await deflate(body),
};

export async function encodeQuickly(body: Uint8Array, coding: Coding): Promise<Uint8Array<ArrayBuffer>> {
  return await QUICK_ENCODERS[coding](body);
}

const ENCODERS_AT_ONCE: Readonly<Record<Coding, (body: Uint8Array) => Buffer>> = {
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: (body) => zstdCompressSync(body),
  gzip: (body) => gzipSync(body),
};

/** In a millisecond or two, for what is made while somebody waits for it. */
export function encodeAtOnce(body: Buffer, coding: Coding | 'identity'): Buffer {
  return coding === 'identity' ? body : ENCODERS_AT_ONCE[coding](body);
}
