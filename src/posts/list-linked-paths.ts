/** A reference in a post → the files it may mean, should it mean another post: as Git and GitHub read it, and as Obsidian writes it. Pure. */
import { posix } from 'node:path';
import { isPostName } from './ignore-names.ts';

/**
 * Paths below the publication's folder, the likeliest first; none for what can be no post. `reference`: escaped, with query and fragment. Relative to
 * the post's own file, then to `posts/`, then to the publication's folder.
 */
export function listLinkedPaths(path: string, reference: string): readonly string[] {
  const written = decodeReference(reference);
  // A transcript is a post by what it says, not by its name.
  if (written === null || !(isPostName(written) || /\.txt$/i.test(written))) return [];
  const places = written.startsWith('/') ? [] : [posix.join(posix.dirname(path), written)];
  const below = [...places, posix.join('posts', written), posix.join('.', written)];
  return [...new Set(below)].filter((place) => place.startsWith('posts/'));
}

/** RFC 3986 §3: the path alone, decoded; null for what cannot be. */
export function decodeReference(reference: string): string | null {
  try {
    return decodeURIComponent(reference.replace(/[?#].*$/s, ''));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
