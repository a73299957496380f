/**
 * One feed document as it is answered from memory: its bytes in every coding, each known by the hash of what is sent (RFC 9110 §8.8.3: another
 * entity tag for each coding), with the headers that go before them. Made once, never changed.
 */
import { hash } from 'node:crypto';
import { renderHttpDate } from '../http-date.ts';
import type { HeaderList } from '../security-headers.ts';
import type { Choice } from './choose-coding.ts';
import { encodeBody } from './encode-body.ts';
import { type SplitFeed, splitFeed } from './split-feed.ts';

/** Headers as routes want them, and as they stand on the wire. */
export type Head = { readonly headers: HeaderList; readonly lines: string };

export type Representation = {
  readonly coding: Choice;
  /** Strong, with its quotes. */
  readonly etag: string;
  readonly body: Buffer;
  readonly full: Head;
  readonly unchanged: Head;
};

/** A document as it was read. */
export type FeedSource = {
  /** Below `public/`, with `/`. */
  readonly path: string;
  readonly bytes: Buffer;
  /** When the file last changed, in seconds since 1970. */
  readonly modified: number;
  readonly text: string;
  /** Null when its entries cannot be told apart: then it is only sent whole. */
  readonly split: SplitFeed | null;
};

export type FeedDocument = FeedSource & {
  readonly plain: Representation;
  /** By coding; `identity` is always there. */
  readonly representations: ReadonlyMap<Choice, Representation>;
};

/** What all answers about one document say. */
export type FeedHeaders = {
  /** What a cache needs, in a 304 too (RFC 9110 §15.4.5). */
  readonly keeping: HeaderList;
  /** What describes a body. */
  readonly describing: HeaderList;
};

export function readSource(path: string, bytes: Buffer, modified: number): FeedSource {
  const text = bytes.toString('utf8');
  return { path, bytes, modified, text, split: splitFeed(text) };
}

export async function prepareDocument(source: FeedSource, headers: FeedHeaders): Promise<FeedDocument> {
  const represent = (coding: Choice, body: Uint8Array): Representation =>
    prepareRepresentation(coding, body, source.modified, headers);
  const plain = represent('identity', source.bytes);
  const encoded = [...(await encodeBody(source.bytes))].map(([coding, body]) => represent(coding, body));
  return { ...source, plain, representations: new Map([plain, ...encoded].map((one) => [one.coding, one])) };
}

function prepareRepresentation(
  coding: Choice,
  body: Uint8Array,
  modified: number,
  { keeping, describing }: FeedHeaders,
): Representation {
  const etag = `"${hash('sha256', body, 'base64url')}"`;
  const known = { ETag: etag, 'Last-Modified': renderHttpDate(modified), ...keeping };
  const full = {
    ...known,
    ...describing,
    ...(coding !== 'identity' && { 'Content-Encoding': coding }),
    'Content-Length': String(body.length),
  };
  return {
    coding,
    etag,
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    full: composeHead(full),
    unchanged: composeHead(known),
  };
}

export function composeHead(headers: HeaderList): Head {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { headers, lines: lines.join('') };
}

/** Bytes of memory that a document takes, roughly. */
export function weigh({ text, representations }: FeedDocument): number {
  return [...representations.values()].reduce((sum, { body }) => sum + body.length, 2 * text.length);
}
