/**
 * Where a file beside a post goes below `public/`: `SLUG/NAME`, with a name that is the same on every disk and needs no
 * escaping in a URL.
 */
import { extname } from 'node:path';
import { spellAscii } from './spell-ascii.ts';

const LONGEST = 80;
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** `Größe 1.PNG` → `Grosse-1.png`. */
export function nameAsset(file: string): string {
  const extension = renderPart(extname(file)).toLowerCase().slice(0, 10);
  const stem = renderPart(file.slice(0, file.length - extname(file).length)).slice(0, LONGEST);
  const safe =
    stem === '' || DEVICES.test(stem) || /^index$/i.test(stem) ? `file-${stem}`.replace(/-$/, '') : stem;
  return extension === '' ? safe : `${safe}.${extension}`;
}

/** The same name, for another file that has it too. */
export function nameApart(name: string, hash: string): string {
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${hash.slice(0, 8)}${extension}`;
}

function renderPart(text: string): string {
  const ascii = spellAscii(text).replace(/[^A-Za-z0-9_-]+/g, '-');
  return ascii.replace(/-{2,}/g, '-').replace(/^[-_]+|-+$/g, '');
}

const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  csv: 'text/csv',
  epub: 'application/epub+zip',
  flac: 'audio/flac',
  gif: 'image/gif',
  gz: 'application/gzip',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  m4a: 'audio/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  ogv: 'video/ogg',
  opus: 'audio/ogg',
  patch: 'text/plain',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  vtt: 'text/vtt',
  wav: 'audio/wav',
  weba: 'audio/webm',
  webm: 'video/webm',
  webp: 'image/webp',
  zip: 'application/zip',
};

/** MIME type by a file's name. */
export function typeOfName(name: string): string {
  return TYPES[extname(name).slice(1).toLowerCase()] ?? 'application/octet-stream';
}
