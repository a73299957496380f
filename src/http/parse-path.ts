/** The path of a request as a path below a folder: one spelling, nothing hidden, no way out. */

/**
 * `/a%20b/` → `['a b', '']`, the last segment being empty for a folder; null for whatever could name something else than it says: dot
 * segments and dotfiles, empty segments, separators or NUL in disguise, broken percent-encoding.
 */
export function parsePath(path: string): readonly string[] | null {
  const segments = path.slice(1).split('/').map(decodeSegment);
  const isSafe = segments.every((segment, index) => isName(segment) || (segment === '' && isLast(index)));
  return isSafe ? (segments as readonly string[]) : null;

  function isLast(index: number): boolean {
    return index === segments.length - 1;
  }
}

function decodeSegment(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function isName(segment: string | null): boolean {
  return segment !== null && /^[^./\\\0][^/\\\0]*$/u.test(segment);
}
