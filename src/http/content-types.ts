/** What a file of `public/` is, by its name: its media type, and how it may be kept and read by others. */

export type ContentType = {
  /** Value of Content-Type. */
  readonly type: string;
  /** `feed`: a feed or a list of feeds, read by programs on any site. `page`: HTML. `drawing`: XML that a browser may run as a document. `file`: all else. */
  readonly role: 'feed' | 'page' | 'drawing' | 'file';
  /** Text, which will be sent compressed to those who take it. */
  readonly isText: boolean;
};

/** Names that mean more than their ending. */
const NAMES: Readonly<Record<string, string>> = {
  'rss.xml': 'application/rss+xml',
  'atom.xml': 'application/atom+xml',
  'feed.json': 'application/feed+json',
};

const ENDINGS: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  css: 'text/css',
  js: 'text/javascript',
  mjs: 'text/javascript',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  xml: 'application/xml',
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  opml: 'text/x-opml',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  svg: 'image/svg+xml',
  ico: 'image/vnd.microsoft.icon',
  png: 'image/png',
  apng: 'image/apng',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
  epub: 'application/epub+zip',
  zip: 'application/zip',
  gz: 'application/gzip',
};

/** File name → what it is. An unknown ending is a stream of bytes, which `nosniff` keeps from being taken for more. */
export function contentTypeOf(fileName: string): ContentType {
  const name = fileName.toLowerCase();
  const ending = name.slice(name.lastIndexOf('.') + 1);
  const type = lookUp(NAMES, name) ?? lookUp(ENDINGS, ending) ?? 'application/octet-stream';
  const isText = /^text\/|[/+](?:json|xml|javascript)$/.test(type);
  return { type: isText ? `${type}; charset=utf-8` : type, role: roleOf(type), isText };
}

function lookUp(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function roleOf(type: string): ContentType['role'] {
  if (/\/(?:rss\+xml|atom\+xml|feed\+json|x-opml)$/.test(type)) return 'feed';
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'page';
  return /[/+]xml$/.test(type) ? 'drawing' : 'file';
}
