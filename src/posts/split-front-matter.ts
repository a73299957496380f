/**
 * Finds the front matter at the top of a post: the lines between two fences `---`, as YAML text. Any other language
 * after the fence (`---js`) is refused: nothing in a post is ever run.
 */

export type FrontMatterSplit =
  | { readonly kind: 'none' }
  /** `first` and `end` are line numbers from 0: the first line inside, and the closing fence. */
  | { readonly kind: 'yaml'; readonly first: number; readonly end: number }
  /** `line` from 0. */
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string };

const FENCE = /^---[ \t]*(?:ya?ml[ \t]*)?$/i;
const KEY_LINE = /^["']?[A-Za-z_][\w -]*["']?\s*:(?:\s|$)/;

/**
 * `start` is where the post begins: 0, or after a transcript's first line. Blank lines before the fence are forgiven
 * when a key follows it, since a transcript may set its post apart by one; else the fence is a thematic break.
 */
export function splitFrontMatter(lines: readonly string[], start: number): FrontMatterSplit {
  const fence = nextFilled(lines, start);
  const foreign = fence === start ? findForeignLanguage(lines, fence) : null;
  if (foreign !== null) {
    return refuse(fence, `front matter in ${foreign} is never run or read: write YAML between two lines ---`);
  }
  const looksMeant = KEY_LINE.test(lines[fence + 1] ?? '');
  if (!FENCE.test(lines[fence] ?? '') || (fence > start && !looksMeant)) return { kind: 'none' };
  const end = lines.findIndex((line, index) => index > fence && /^(?:---|\.\.\.)[ \t]*$/.test(line));
  if (end !== -1) return { kind: 'yaml', first: fence + 1, end };
  return looksMeant
    ? refuse(fence, 'front matter is opened and never closed: end it with a line ---')
    : { kind: 'none' };
}

function findForeignLanguage(lines: readonly string[], fence: number): string | null {
  const opening = lines[fence] ?? '';
  const language = /^---[ \t]*([A-Za-z][\w+.-]*)[ \t]*$/.exec(opening)?.[1];
  if (language !== undefined) return FENCE.test(opening) ? null : language;
  return /^\+\+\+[ \t]*$/.test(opening) && lines.indexOf('+++', fence + 1) > 0 ? 'TOML' : null;
}

/** The first line from `start` on that is not blank, or the number of lines. */
export function nextFilled(lines: readonly string[], start: number): number {
  let index = start;
  while (index < lines.length && (lines[index] ?? '').trim() === '') index += 1;
  return index;
}

function refuse(line: number, reason: string): FrontMatterSplit {
  return { kind: 'refused', line, reason };
}
