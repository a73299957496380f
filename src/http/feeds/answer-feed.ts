/** What a request for a feed is answered with: not modified, what is new, or the whole. A function of the document and the request's fields alone. */
import { type Fields, isNotModified } from '../is-not-modified.ts';
import { chooseCoding } from './choose-coding.ts';
import type { FeedDocument, Head } from './feed-document.ts';
import { deltaFor, type FindDelta } from './feed-delta.ts';

export type FeedAnswer = {
  readonly status: 200 | 226 | 304;
  readonly head: Head;
  /** Null for 304. */
  readonly body: Buffer | null;
  /** Bytes that were not sent: by a condition, by sending only what is new, by a coding. */
  readonly saved: { readonly unchanged: number; readonly deltas: number; readonly codings: number };
};

export type AnsweringFeed = { readonly document: FeedDocument; readonly findDelta: FindDelta };

/** RFC 9110 §13.2.1: conditions first, for whoever has this version needs neither all of it nor what is new. */
export function answerFeed({ document, findDelta }: AnsweringFeed, fields: Fields): FeedAnswer {
  const { representations, plain, modified } = document;
  const coding = chooseCoding(fields.get('accept-encoding'), (one) => representations.has(one));
  const current = representations.get(coding) ?? plain;
  const whole = current.body.length;
  if (isNotModified(fields, { etag: current.etag, modified })) {
    return {
      status: 304,
      head: current.unchanged,
      body: null,
      saved: { unchanged: whole, deltas: 0, codings: 0 },
    };
  }
  const delta = deltaFor(fields, findDelta, current);
  if (delta) {
    const saved = { unchanged: 0, deltas: whole - delta.body.length, codings: 0 };
    return { status: 226, head: delta.head, body: delta.body, saved };
  }
  const saved = { unchanged: 0, deltas: 0, codings: plain.body.length - whole };
  return { status: 200, head: current.full, body: current.body, saved };
}
