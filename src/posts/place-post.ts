/** Where a new post may be made: a name below `posts/` that is safe on a disk, and a place no link leads out of. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isIgnoredName } from './ignore-names.ts';
import { errorCode } from './read-file-bytes.ts';
import { isInside } from './walk-posts.ts';

export type Place =
  | { readonly kind: 'place'; readonly path: string; readonly file: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** `name` is below `posts/`, with `/`, as anybody may have written it. */
export function placePost(root: string, name: string): Place {
  const reason = refuseName(name);
  if (reason !== null) return { kind: 'refused', reason };
  const posts = join(root, 'posts');
  const file = join(posts, ...name.split('/'));
  const top = realPathOf(posts);
  if (top !== null && !isInside(nearestRealFolder(dirname(file)), top)) {
    return { kind: 'refused', reason: `posts/${name} leads out of posts/ through a link` };
  }
  return { kind: 'place', path: `posts/${name}`, file };
}

function refuseName(name: string): string | null {
  const shown = JSON.stringify(name.slice(0, 100));
  const parts = name.split('/');
  if (/[\p{Cc}\\]/u.test(name)) return `the name ${shown} holds control characters or backslashes`;
  if (parts.includes('') || parts.includes('.') || parts.includes('..')) {
    return `the name ${shown} does not stay in posts/: it must be names joined by single slashes, none of them . or ..`;
  }
  if (parts.some(isIgnoredName))
    return `the name ${shown} is hidden or unfinished by its look, so it would not be read`;
  if (parts.some((part) => Buffer.byteLength(part) > 255))
    return `the name ${shown}… is longer than a disk allows`;
  return null;
}

/** The folder itself, or the nearest above it that exists, without links. */
function nearestRealFolder(folder: string): string {
  return realPathOf(folder) ?? nearestRealFolder(dirname(folder));
}

function realPathOf(folder: string): string | null {
  try {
    return realpathSync(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
