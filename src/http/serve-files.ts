/**
 * The files of `public/` over HTTP (RFC 9110, RFC 9111): folders by their `index.html`, copies known by a hash of their bytes, and `404.html` for the
 * rest. Everything here can be fetched by anyone, so nothing depends on who asks.
 */
import type { Context } from 'hono';
import { isHostFile } from '../domain/host-file.ts';
import type { Publication } from '../domain/publication.ts';
import { type ContentType, contentTypeOf } from './content-types.ts';
import { codingFor, type EncodedFiles, openEncodedFiles } from './encoded-files.ts';
import type { FeedDesk } from './feeds/feed-desk.ts';
import { renderHttpDate } from './http-date.ts';
import { isNotModified } from './is-not-modified.ts';
import type { MessagePages } from './message-pages.ts';
import { openPublicFile, type PublicFile } from './open-public-file.ts';
import { parsePath } from './parse-path.ts';
import { type ByteRange, parseRange } from './parse-range.ts';
import { type HashMemory, openHashMemory, readBody, readWhole } from './read-public-file.ts';
import { digestPolicy, DRAWING_POLICY, type HeaderList, pagePolicy } from './security-headers.ts';
import type { WebEnv } from './web-env.ts';

type Shelf = {
  readonly folder: string;
  readonly publication: Publication;
  readonly pages: MessagePages;
  readonly feeds: FeedDesk;
  readonly hashOf: HashMemory;
  readonly encoded: EncodedFiles;
};

/** How long a copy may be used unasked, in seconds: feeds are polled by program, pages are read by people, files seldom change. */
const SECONDS: Readonly<Record<ContentType['role'], number>> = {
  feed: 300,
  page: 60,
  drawing: 3600,
  file: 3600,
};

const DIGEST_PAGE = /^digests\/\d+\/index\.html$/u;

/** GET and HEAD of any path below `public/`. */
export function openFileRoute(
  folder: string,
  publication: Publication,
  pages: MessagePages,
  feeds: FeedDesk,
): (context: Context<WebEnv>) => Promise<Response> {
  const shelf: Shelf = {
    folder,
    publication,
    pages,
    feeds,
    hashOf: openHashMemory(),
    encoded: openEncodedFiles(),
  };
  return async (context) => (await answerPath(shelf, context)) ?? (await answerNotFound(shelf, context));
}

async function answerPath(shelf: Shelf, context: Context<WebEnv>): Promise<Response | null> {
  const segments = parsePath(context.req.path);
  if (segments === null) return null;
  const names = segments.at(-1) === '' ? [...segments.slice(0, -1), 'index.html'] : segments;
  if (isHostFile(names.join('/'))) return null;
  const feed = await answerFeed(shelf, context, names);
  if (feed === 'not-there') return null;
  if (feed !== 'not-kept') return feed;
  const found = await openPublicFile(shelf.folder, names);
  if (found === 'folder') return await redirectToFolder(shelf, context, segments);
  return found === 'not-there' ? null : await answerFile(shelf, context, names.join('/'), found);
}

/** From memory. `not-kept`: no feed, or too large for that. */
async function answerFeed(
  { feeds }: Shelf,
  context: Context<WebEnv>,
  names: readonly string[],
): Promise<Response | 'not-there' | 'not-kept'> {
  if (contentTypeOf(names.at(-1) ?? '').role !== 'feed') return 'not-kept';
  const feed = await feeds.shelf.find(names.join('/'));
  if (feed === 'not-there' || feed === 'not-kept') return feed;
  const { method, raw } = context.req;
  const peer = context.env?.incoming?.socket.remoteAddress;
  const { status, head, body } = feeds.receive({ method, fields: raw.headers, peer })(feed);
  const bytes = method === 'HEAD' || body === null ? null : new Uint8Array(body);
  return new Response(bytes, { status, headers: head.headers });
}

/** Relative and below the path asked for: no Host is believed and no other site can be meant (RFC 3986 §4.2: `./` keeps `a:b` a path). */
async function redirectToFolder(
  shelf: Shelf,
  context: Context<WebEnv>,
  segments: readonly string[],
): Promise<Response | null> {
  const index = await openPublicFile(shelf.folder, [...segments, 'index.html']);
  if (index === 'not-there' || index === 'folder') return null;
  await index.handle.close();
  const { pathname, search } = new URL(context.req.url);
  const location = `./${pathname.slice(pathname.lastIndexOf('/') + 1)}/${search}`;
  return new Response(null, {
    status: 301,
    headers: { Location: location, 'Cache-Control': 'public, max-age=60' },
  });
}

async function answerFile(
  shelf: Shelf,
  context: Context<WebEnv>,
  name: string,
  file: PublicFile,
): Promise<Response> {
  let isHandedOn = false;
  try {
    const kind = contentTypeOf(name);
    const hash = await shelf.hashOf(file);
    const { raw, method } = context.req;
    const coding = kind.isText ? codingFor(raw.headers.get('accept-encoding'), file) : 'identity';
    // RFC 9110 §8.8.3.3: another tag for each coding.
    const etag = coding === 'identity' ? `"${hash}"` : `"${hash}-${coding}"`;
    const headers = keepingHeaders(kind, etag, file);
    if (isNotModified(raw.headers, { etag, modified: file.modified })) {
      // RFC 9110 §15.4.5: what a cache needs to refresh its copy, and nothing of the body.
      return new Response(null, { status: 304, headers });
    }
    const all = {
      ...headers,
      ...describingHeaders(shelf.publication, kind, DIGEST_PAGE.test(name)),
    };
    if (coding !== 'identity') {
      const body = await shelf.encoded.encode(hash, coding, async () => await readWhole(file));
      const lengths = { 'Content-Encoding': coding, 'Content-Length': String(body.length) };
      return new Response(method === 'HEAD' ? null : body, { headers: { ...all, ...lengths } });
    }
    const sized = { ...all, 'Content-Length': String(file.size) };
    if (method === 'HEAD') return new Response(null, { headers: sized });
    const range = kind.isText ? null : parseRange(raw.headers, { etag, size: file.size });
    if (range === 'unsatisfiable') {
      return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${file.size}` } });
    }
    isHandedOn = true;
    if (!range) return new Response(await readBody(file), { headers: sized });
    const part = { ...all, ...partHeaders(range, file) };
    return new Response(await readBody(file, range), { status: 206, headers: part });
  } finally {
    if (!isHandedOn) await file.handle.close();
  }
}

function keepingHeaders(kind: ContentType, etag: string, file: PublicFile): HeaderList {
  return {
    ETag: etag,
    'Last-Modified': renderHttpDate(file.modified),
    'Cache-Control': `public, max-age=${SECONDS[kind.role]}`,
    // Parts of a text would be parts of one of its codings: they are small, and asked for whole.
    ...(kind.isText ? { Vary: 'Accept-Encoding' } : { 'Accept-Ranges': 'bytes' }),
    ...(kind.role === 'feed' && {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'ETag, Last-Modified',
    }),
  };
}

function partHeaders({ first, last }: ByteRange, { size }: PublicFile): HeaderList {
  return {
    'Content-Range': `bytes ${first}-${last}/${size}`,
    'Content-Length': String(last + 1 - first),
  };
}

function describingHeaders(publication: Publication, kind: ContentType, isDigest: boolean): HeaderList {
  return {
    'Content-Type': kind.type,
    ...(kind.role === 'page' && {
      'Content-Security-Policy': isDigest ? digestPolicy(publication) : pagePolicy(publication),
    }),
    ...((kind.role === 'drawing' || kind.role === 'feed') && { 'Content-Security-Policy': DRAWING_POLICY }),
  };
}

/** The publication's own page where it has one. Never kept: a post may come to stand here. */
async function answerNotFound(shelf: Shelf, context: Context<WebEnv>): Promise<Response> {
  const page = await openPublicFile(shelf.folder, ['404.html']);
  if (page === 'not-there' || page === 'folder') {
    return await shelf.pages.answer(context, 404, {
      title: 'Nothing here',
      verse: [],
      paragraphs: ['There is no page at this address.'],
      form: null,
    });
  }
  const headers = {
    ...describingHeaders(shelf.publication, contentTypeOf('404.html'), false),
    'Content-Length': String(page.size),
    'Cache-Control': 'no-store',
  };
  return new Response(await readBody(page), { status: 404, headers });
}
