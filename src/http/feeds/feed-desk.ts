/** Where feeds are asked for: from the shelf, to whoever is not too hasty, each answer counted. The same for requests that come through hono and for those that do not. */
import type { Clock } from '../../domain/clock.ts';
import type { FeedReading } from '../../domain/reader.ts';
import { type AnsweringFeed, answerFeed, type FeedAnswer } from './answer-feed.ts';
import { composeHead, type Head } from './feed-document.ts';
import type { FeedShelf } from './feed-shelf.ts';
import { type FeedRequest, openHastyClients } from './hasty-clients.ts';

/** 429 has a body of its own. */
export type DeskAnswer = FeedAnswer | { readonly status: 429; readonly head: Head; readonly body: Buffer };

export type FeedDesk = {
  readonly shelf: FeedShelf;
  /** Takes a request, which may be answered again and again: each answer is counted. */
  readonly receive: (request: FeedRequest) => (feed: AnsweringFeed) => DeskAnswer;
};

export type FeedDeskMeans = {
  readonly shelf: FeedShelf;
  readonly clock: Clock;
  /** Told of every answer; must be quick and not throw. */
  readonly count: (reading: FeedReading) => void;
};

export function openFeedDesk({ shelf, clock, count }: FeedDeskMeans): FeedDesk {
  const hurryOf = openHastyClients(clock);
  const counted = ({ answer, reading }: Prepared): DeskAnswer => {
    count(reading);
    return answer;
  };
  return {
    shelf,
    receive: (request) => {
      let last: Prepared | null = null;
      return (feed) => {
        const seconds = hurryOf(request, feed.document.path);
        if (seconds !== null) return counted(prepare(feed, request, refuseHaste(seconds)));
        if (last?.feed !== feed) last = prepare(feed, request, answerFeed(feed, request.fields));
        return counted(last);
      };
    },
  };
}

/** What one request for one document is answered with, however often. */
type Prepared = {
  readonly feed: AnsweringFeed;
  readonly answer: DeskAnswer;
  readonly reading: FeedReading;
};

function prepare(feed: AnsweringFeed, { method, fields }: FeedRequest, answer: DeskAnswer): Prepared {
  const isHead = method === 'HEAD';
  const reading: FeedReading = {
    feed: feed.document.path,
    agent: fields.get('user-agent') ?? '',
    isConditional: fields.get('if-none-match') !== null || fields.get('if-modified-since') !== null,
    status: answer.status,
    sent: isHead ? 0 : (answer.body?.length ?? 0),
    saved: isHead || answer.status === 429 ? NOTHING : answer.saved,
  };
  return { feed, answer, reading };
}

const NOTHING = { unchanged: 0, deltas: 0, codings: 0 };

function refuseHaste(seconds: number): DeskAnswer {
  const body = Buffer.from(
    'You ask for this feed very often. Send If-None-Match or If-Modified-Since, and you may ask as often as you like.\n',
  );
  const headers = {
    'Retry-After': String(seconds),
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Access-Control-Allow-Origin': '*',
    'Content-Length': String(body.length),
  };
  return { status: 429, head: composeHead(headers), body };
}
