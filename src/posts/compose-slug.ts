/**
 * The slug: the post's name in URLs and on disk. Flat, lower-case ASCII `[a-z0-9-]`, at most 100 characters, never empty, and
 * never a name that a system or the publication itself has taken.
 */
import { hash } from 'node:crypto';
import { spellAscii } from './spell-ascii.ts';

export type ComposedSlug = {
  readonly slug: string;
  /** True when the author asked for another one. */
  readonly isChanged: boolean;
};

const LONGEST = 100;
/** Device names of Windows: not even a folder can have them. */
const DEVICES = /^(?:con|prn|aux|nul|clock|conin|conout|com\d|lpt\d)$/;
/** Folders and files of `public/` and routes of the web server, now or as the design has room for them. */
const TAKEN = new Set(
  (
    '404 410 500 admin api archive assets atom authors confirm digest digests download erase favicon feed feeds form forms ' +
    'healthz hub icon images inbox index json login media metrics opml page pages post posts preferences public ' +
    'robots rss search series sitemap static subscribe subscribers tag tags undo unsubscribe var websub well-known'
  ).split(' '),
);

/** From front matter's `slug`, else from the post's name below `posts/` (`a-/-b-/-c.md`). */
export function composeSlug(asked: string | null, name: string): ComposedSlug {
  if (asked === null) return { slug: avoidTaken(slugFromName(name), name), isChanged: false };
  const slug = avoidTaken(cut(slugFromText(asked)), name);
  return { slug, isChanged: slug !== asked };
}

/** Any script → `[a-z0-9-]*`; may be empty. */
export function slugFromText(text: string): string {
  const ascii = spellAscii(text.replace(/['’]/gu, '')).toLowerCase();
  return ascii.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}

/** A name that had to be cut carries a hash, so that two long ones stay apart. */
function slugFromName(name: string): string {
  const stem = name.replace(/\.[a-z]+$/i, '').replace(/(?<=.)\/index$/i, '');
  const slug = slugFromText(stem);
  return slug.length <= LONGEST ? slug : `${cut(slug, LONGEST - 9)}-${shortHash(name)}`;
}

function cut(slug: string, length: number = LONGEST): string {
  if (slug.length <= length) return slug;
  const end = slug.lastIndexOf('-', length);
  return slug.slice(0, end > length / 2 ? end : length).replace(/-+$/, '');
}

function avoidTaken(slug: string, name: string): string {
  if (slug === '') return `post-${shortHash(name)}`;
  return DEVICES.test(slug) || TAKEN.has(slug) ? `${slug}-post` : slug;
}

function shortHash(text: string): string {
  return hash('sha256', text).slice(0, 8);
}
