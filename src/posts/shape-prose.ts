/**
 * Plain prose → Markdown. Writers who know no Markdown set a heading by giving it a line of its own, and some part their paragraphs by
 * line ends alone. Both habits are understood, and nothing else is: a line is touched only where it is certainly prose.
 */
import { classifyLines, type LineKind } from './classify-lines.ts';

const LONG_LINE = 120;
const WRAPPED_LINE = 80;

/** Lines of a body without blank lines at either end → lines of Markdown. */
export function shapeProse(lines: readonly string[]): readonly string[] {
  const spaced = isUnspaced(lines) ? spaceOut(lines) : lines;
  return markHeadings(spaced);
}

/**
 * Whether every line is a paragraph: no blank line anywhere, and some line of prose longer than anybody wraps. A long
 * URL does not count, for it cannot be wrapped.
 */
export function isUnspaced(lines: readonly string[]): boolean {
  if (lines.length < 2 || lines.some((line) => line.trim() === '')) return false;
  const kinds = classifyLines(lines);
  return lines.some((line, index) => kinds[index] === 'text' && lengthWithoutLongestWord(line) > LONG_LINE);
}

function lengthWithoutLongestWord(line: string): number {
  if (line.length <= LONG_LINE) return 0;
  const words = line.split(/\s+/u);
  // Chinese and Japanese have no spaces: a line of one word is prose there, unless it is plain ASCII.
  const breakable = words.filter((word) => /[^\u0000-\u007F]/.test(word) || word.length <= LONG_LINE / 2);
  return breakable.join(' ').length;
}

function spaceOut(lines: readonly string[]): readonly string[] {
  const kinds = classifyLines(lines);
  return lines.flatMap((line, index) => {
    const belongsAbove =
      index === 0 || !isParted(lines[index - 1] ?? '', kinds[index - 1], line, kinds[index]);
    return belongsAbove ? [line] : ['', line];
  });
}

/** Whether two neighbours are two paragraphs. Lists, code and the like keep their lines together. */
function isParted(
  above: string,
  kindAbove: LineKind | undefined,
  line: string,
  kind: LineKind | undefined,
): boolean {
  if (!isProse(kindAbove) && !isProse(kind)) return false;
  if (isProse(kind) && /^\s{2}/.test(line)) return false;
  const isHardBreak = / {2}$|\\$/.test(above);
  return !isHardBreak && !isWrapped(above, line);
}

/** A long line without an end, gone on with in lower case below. */
function isWrapped(above: string, line: string): boolean {
  return above.length > WRAPPED_LINE && /[\p{L}\p{N},]\s*$/u.test(above.slice(-2)) && /^\p{Ll}/u.test(line);
}

function isProse(kind: LineKind | undefined): boolean {
  return kind === 'text' || kind === 'heading' || kind === 'closing';
}

/** A line alone that is followed by text, or by another that becomes a heading, becomes a heading itself. */
function markHeadings(lines: readonly string[]): readonly string[] {
  const kinds = classifyLines(lines);
  const marked = [...lines];
  let isFollowed = false;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const kind = kinds[index];
    if (kind === 'blank') continue;
    const isAlone = isBlank(kinds[index - 1]) && isBlank(kinds[index + 1]);
    if (kind === 'heading' && isAlone && isFollowed) marked[index] = renderHeading(lines[index] ?? '');
    else isFollowed = kind === 'text' || (kind === 'heading' && !(isAlone && isName(lines[index] ?? '')));
  }
  return marked;
}

function isBlank(kind: LineKind | undefined): boolean {
  return kind === undefined || kind === 'blank';
}

/** The last line of a letter may be no more than a name and a place: `Ann Lee, Oslo`. */
function isName(line: string): boolean {
  const words = line.split(/\s+/u).filter((word) => word !== '');
  return words.length <= 4 && words.every((word) => /^[\p{Lu}\p{N}\p{P}]/u.test(word));
}

/** CommonMark §4.2: a `#` at the end would be taken for the closing of the heading. */
function renderHeading(line: string): string {
  return `## ${line.trim().replace(/(^|\s)(#+)$/, '$1\\$2')}`;
}
