/** Feeds through the hatch: the same answers as through hono, header for header. */
import { STATUS_CODES } from 'node:http';
import type { Clock } from '../../domain/clock.ts';
import { openDateLine } from '../date-line.ts';
import type { AnswerPlain, PlainAnswer } from '../open-hatch.ts';
import type { DeskAnswer, FeedDesk } from './feed-desk.ts';
import type { Head } from './feed-document.ts';

/** As Node says it, so that a client does not send the next request just when the connection closes. */
const CONNECTION = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n';

/** `prefix`: path of the server's own URL, ending in `/`; a request means the same with it or without. */
export function openFeedHatch({ shelf, receive }: FeedDesk, prefix: string, clock: Clock): AnswerPlain {
  const render = openRendering(clock);
  return ({ path, fields }, peer) => {
    const below = path.slice(path.startsWith(prefix) ? prefix.length : 1);
    const answer = receive({ method: 'GET', fields, peer });
    return () => {
      const feed = shelf.peek(below);
      return feed && render(answer(feed));
    };
  };
}

/** Each refusal has a head of its own. */
const MOST_RENDERED = 200;
/** In bytes. A body up to it goes out in one piece with its head, which takes one call into the system instead of two. */
const LARGEST_JOINED = 64 << 10;

/** Answers as they are on the wire: the same for a second, while the date is. */
function openRendering(clock: Clock): (answer: DeskAnswer) => PlainAnswer {
  const dateLine = openDateLine(clock);
  const rendered = new Map<Head, PlainAnswer>();
  let date = '';
  return ({ status, head, body }) => {
    const now = dateLine();
    if (now !== date || rendered.size >= MOST_RENDERED) rendered.clear();
    date = now;
    let pieces = rendered.get(head);
    if (pieces === undefined) {
      const text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.lines}${date}${CONNECTION}`;
      rendered.set(head, (pieces = join(Buffer.from(text, 'latin1'), body)));
    }
    return pieces;
  };
}

function join(head: Buffer, body: Buffer | null): PlainAnswer {
  if (body === null) return [head];
  return body.length > LARGEST_JOINED ? [head, body] : [Buffer.concat([head, body])];
}
