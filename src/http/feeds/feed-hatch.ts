/** Feeds through the hatch: the same answers as through hono, header for header. */
import { STATUS_CODES } from 'node:http';
import type { Clock } from '../../domain/clock.ts';
import { openDateLine } from '../date-line.ts';
import type { AnswerPlain } from '../open-hatch.ts';
import type { FeedDesk } from './feed-desk.ts';
import type { Head } from './feed-document.ts';

/** As Node says it, so that a client does not send the next request just when the connection closes. */
const CONNECTION = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n';

/** `prefix`: path of the server's own URL, ending in `/`; a request means the same with it or without. */
export function openFeedHatch({ shelf, answer }: FeedDesk, prefix: string, clock: Clock): AnswerPlain {
  const renderHead = openHeads(clock);
  return ({ path, fields }, peer) => {
    const start = path.startsWith(prefix) ? prefix.length : 1;
    const feed = shelf.peek(path.slice(start));
    if (feed === null) return null;
    const { status, head, body } = answer(feed, { method: 'GET', fields, peer });
    return { head: renderHead(status, head), body };
  };
}

/** Each refusal has a head of its own. */
const MOST_RENDERED = 1000;

/** Bytes of a head as they are on the wire: the same for a second, while the date is. */
function openHeads(clock: Clock): (status: number, head: Head) => Buffer {
  const dateLine = openDateLine(clock);
  const rendered = new Map<Head, Buffer>();
  let date = '';
  return (status, head) => {
    const now = dateLine();
    if (now !== date || rendered.size >= MOST_RENDERED) rendered.clear();
    date = now;
    let bytes = rendered.get(head);
    if (bytes === undefined) {
      const text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.lines}${date}${CONNECTION}`;
      rendered.set(head, (bytes = Buffer.from(text, 'latin1')));
    }
    return bytes;
  };
}
