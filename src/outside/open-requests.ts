/**
 * The door for HTTP to others. A name is resolved here, each address is judged, and the connection goes to an address that was judged and to no other,
 * so that a name which leads elsewhere a moment later (DNS rebinding) leads nowhere. Bounded in time and size; nothing is kept between two requests.
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { OutgoingAnswer, OutgoingRequest, SendRequest } from '../domain/outgoing.ts';
import { judgeUrl, type PlaceRules } from './place-rules.ts';

export type RequestLimits = {
  readonly rules: PlaceRules;
  /** For the whole of a request, in milliseconds, redirects and all. */
  readonly timeLimit: number;
  /** `Name/1.0 (+https://…)`. */
  readonly userAgent: string;
  /** Name → its addresses; the system's resolver, if left out. */
  readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>;
};

const KEEPS_METHOD = new Set([307, 308]);

export function openRequests(limits: RequestLimits): SendRequest {
  return async (request, signal) => {
    const deadline = AbortSignal.timeout(limits.timeLimit);
    const ending = signal ? AbortSignal.any([signal, deadline]) : deadline;
    try {
      return await follow(limits, request, ending);
    } catch (error) {
      const isLate = deadline.aborted && signal?.aborted !== true;
      return { kind: 'failed', reason: isLate ? 'it took too long' : describe(error) };
    }
  };
}

async function follow(
  limits: RequestLimits,
  request: OutgoingRequest,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const place = await judgePlace(limits, url, signal);
    if (place.kind === 'refused') return place;
    const { location, ...answer } = await exchange(limits, request, place, signal);
    const leadsOn = KEEPS_METHOD.has(answer.status) && location !== undefined;
    if (!leadsOn || redirects >= request.redirects) return answer;
    url = URL.parse(location, place.url)?.href ?? location;
  }
}

type Place = { readonly kind: 'fine'; readonly url: URL; readonly addresses: readonly LookupAddress[] };

/** One address that is not to be reached spoils the name: it is not meant for strangers. */
async function judgePlace(
  limits: RequestLimits,
  text: string,
  signal: AbortSignal,
): Promise<Place | Extract<OutgoingAnswer, { kind: 'refused' }>> {
  const { rules, resolve = resolveAll } = limits;
  const judged = judgeUrl(text, rules);
  if (judged.kind === 'refused') return judged;
  const host = judged.url.hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  const addresses = version === 0 ? await until(signal, resolve(host)) : [{ address: host, family: version }];
  for (const { address } of addresses) {
    const kind = rules.refuse(address);
    if (kind !== null) return { kind: 'refused', reason: `${host} leads to an address that is ${kind}` };
  }
  if (addresses.length === 0) throw new Error(`${host} has no address`);
  return { ...judged, addresses };
}

async function resolveAll(name: string): Promise<readonly LookupAddress[]> {
  return await lookup(name, { all: true, verbatim: true });
}

/** A resolver that does not answer cannot be stopped, only left behind. */
async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new Error('it was ended'));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

type Exchanged = Extract<OutgoingAnswer, { kind: 'answered' }> & { readonly location: string | undefined };

async function exchange(
  { userAgent }: RequestLimits,
  { method, headers, body, largestAnswer }: OutgoingRequest,
  { url, addresses }: Place,
  signal: AbortSignal,
): Promise<Exchanged> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const sending = send(url, {
    method,
    headers: {
      'User-Agent': userAgent,
      'Accept-Encoding': 'identity',
      Connection: 'close',
      ...(body !== null && { 'Content-Length': Buffer.byteLength(body) }),
      ...headers,
    },
    lookup: pinTo(addresses),
    // A connection of its own: no other request decided where it leads.
    agent: false,
    signal,
  });
  const answer = await answerTo(sending, body);
  const { statusCode: status = 0, headers: told } = answer;
  const text = await readUpTo(answer, largestAnswer);
  return { kind: 'answered', status, body: text, location: told.location };
}

/** Whatever name is asked for, the addresses that were judged. (An address in the URL itself is connected to without asking: it was judged too.) */
function pinTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_, { all }, callback) => {
    if (all) callback(null, [...addresses]);
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };
}

async function answerTo(sending: ClientRequest, body: OutgoingRequest['body']): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sending.on('response', resolve);
  // Also after the answer began, where nobody waits any more: it must not end the program.
  sending.on('error', reject);
  // Taken out of Node's hands by the other side (101): nothing else would ever be said of it, not even when the time is over.
  sending.on('upgrade', (_, socket) => {
    socket.destroy();
    reject(new Error('it wanted to speak another protocol'));
  });
  sending.on('close', () => reject(new Error('the connection was closed without an answer')));
  sending.end(body ?? undefined);
  return await promise;
}

async function readUpTo(answer: IncomingMessage, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  if (most > 0) {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      pieces.push(piece);
      size += piece.length;
      if (size >= most) break;
    }
  }
  answer.destroy();
  return Buffer.concat(pieces).subarray(0, most).toString('utf8');
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string'
    ? `${error.message} (${error.code})`
    : error.message;
}
