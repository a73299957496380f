/**
 * The head of a post: haiku, title and date as they stand above its text, for authors who write no front matter. Each is
 * recognised only where it can be nothing else, and what is recognised is not part of the body.
 */
import { haikuFromLines, parseHaiku, type Haiku } from '../domain/haiku.ts';
import { isBlockLine, isHeadingLine } from './classify-lines.ts';
import { parseDate, parseOpeningDate } from './parse-date.ts';
import { isUnspaced } from './shape-prose.ts';
import { nextFilled } from './split-front-matter.ts';

export type Head = {
  readonly haiku: Haiku | null;
  readonly title: string | null;
  readonly date: Temporal.ZonedDateTime | null;
  /** A date line that cannot be understood; `line` from 0. */
  readonly refused: { readonly line: number; readonly reason: string } | null;
  /** Where the body begins, from 0. */
  readonly bodyLine: number;
};

export type HeadContext = {
  readonly zone: string;
  readonly isProse: boolean;
  /** What front matter says already: a line that says the same is no news, and one that says another thing belongs to the body. */
  readonly title: string | null;
  readonly haiku: Haiku | 'unusable' | null;
};

/** A part of the head, and how many lines it took. */
type Part = Partial<Pick<Head, 'haiku' | 'title' | 'date' | 'refused'>> & { readonly length: number };
type Reader = (lines: readonly string[], index: number, head: Head, context: HeadContext) => Part | null;

const LONGEST_VERSE = 100;
/** Seventeen syllables in three lines need no more, and nobody wraps a paragraph so narrow. */
const SHORT_LINE = /^.{1,50}$/su;
const LONGEST_LINE = 500;

export function parseHead(lines: readonly string[], start: number, context: HeadContext): Head {
  const head = readParts(
    lines,
    { haiku: null, title: null, date: null, refused: null, bodyLine: nextFilled(lines, start) },
    context,
  );
  const opening = head.date ? null : parseOpeningDate(lines[head.bodyLine] ?? '', context.zone);
  return opening ? { ...head, date: opening } : head;
}

/** There are three parts at most, so it goes no deeper. */
function readParts(lines: readonly string[], head: Head, context: HeadContext): Head {
  const part = readPart(lines, head, context);
  if (!part) return head;
  const { length, ...found } = part;
  return readParts(
    lines,
    { ...head, ...found, bodyLine: nextFilled(lines, head.bodyLine + length) },
    context,
  );
}

function readPart(lines: readonly string[], head: Head, context: HeadContext): Part | null {
  const line = lines[head.bodyLine];
  if (line === undefined || head.refused || line.length > LONGEST_LINE) return null;
  for (const read of READERS) {
    const part = read(lines, head.bodyLine, head, context);
    if (part) return part;
  }
  return null;
}

const readHaiku: Reader = (lines, index, head, context) => {
  if (head.haiku || head.title !== null) return null;
  const part = readOneLineHaiku(lines, index) ?? readThreeLineHaiku(lines, index);
  const isNews = context.haiku === null;
  return part && (isNews || String(part.haiku) === String(context.haiku)) ? part : null;
};

type HaikuPart = { readonly haiku: Haiku; readonly length: number };

function readOneLineHaiku(lines: readonly string[], index: number): HaikuPart | null {
  const line = lines[index] ?? '';
  const written = line
    .trim()
    .replace(/^#{1,6}\s+/, '')
    .replace(/^([*_]{1,3})(.+)\1$/, '$2');
  const isVerse =
    !isBlockLine(written) && written.split(/\s+\/\s+/).every((part) => part.length <= LONGEST_VERSE);
  const haiku = isVerse ? parseHaiku(written) : null;
  return haiku ? { haiku, length: 1 } : null;
}

function readThreeLineHaiku(lines: readonly string[], index: number): HaikuPart | null {
  const verse = lines.slice(index, index + 3);
  const isAlone = verse.length === 3 && (lines[index + 3] ?? '').trim() === '';
  if (!isAlone || !verse.every(isVerseLine)) return null;
  const haiku = haikuFromLines(verse.map((line) => line.replace(/\\\s*$/, '')));
  return haiku ? { haiku, length: 3 } : null;
}

function isVerseLine(line: string): boolean {
  return SHORT_LINE.test(line.trim()) && !isBlockLine(line) && !/^(?:title|date):/i.test(line.trim());
}

const readLabelledTitle: Reader = (lines, index, head, context) => {
  const text = /^title:\s*(\S.*)$/i.exec((lines[index] ?? '').trim())?.[1];
  return text === undefined ? null : takeTitle(renderPlain(text), 1, head, context);
};

function takeTitle(title: string, length: number, head: Head, context: HeadContext): Part | null {
  const isNews = context.title === null || context.title === title;
  return title !== '' && head.title === null && isNews ? { title, length } : null;
}

const readDateLine: Reader = (lines, index, head, { zone }) => {
  if (head.date) return null;
  const line = (lines[index] ?? '').trim();
  const written = line
    .replace(/^(?:date|published|posted(?: on)?):?\s+/i, '')
    .replace(/^([*_]{1,3})(.+)\1$/, '$2');
  const reading = parseDate(written.replace(/\.$/, ''), zone);
  if (reading.kind === 'not-a-date') return null;
  if (reading.kind === 'date') return { date: reading.at, length: 1 };
  return { refused: { line: index, reason: reading.reason }, length: 1 };
};

/** CommonMark §4.2 and §4.3: `# Title`, or a line underlined with `=`. */
const readHeading: Reader = (lines, index, head, context) => {
  const line = lines[index] ?? '';
  const isUnderlined = /^ {0,3}=+[ \t]*$/.test(lines[index + 1] ?? '') && line.trim() !== '';
  const text = isUnderlined ? line.trim() : /^ {0,3}#[ \t]+(.+)$/.exec(line)?.[1];
  if (text === undefined) return null;
  return takeTitle(renderPlain(text.replace(/[ \t]+#+[ \t]*$/, '')), isUnderlined ? 2 : 1, head, context);
};

/** A short first line that is plainly a title: alone, with something below it, in a post that has no other. */
const readPlainTitle: Reader = (lines, index, head, context) => {
  const line = lines[index] ?? '';
  if (!context.isProse || !isHeadingLine(line)) return null;
  const below = nextFilled(lines, index + 1);
  const isAlone = below > index + 1 || isUnspaced(trimEnd(lines.slice(index)));
  const text =
    parseDate((lines[below] ?? '').trim(), context.zone).kind === 'date'
      ? nextFilled(lines, below + 1)
      : below;
  if (!(isAlone || text > below) || text >= lines.length) return null;
  return takeTitle(renderPlain(line), 1, head, context);
};

const READERS: readonly Reader[] = [readDateLine, readHaiku, readLabelledTitle, readHeading, readPlainTitle];

/** Lines without the blank ones at the end. */
export function trimEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}

/** One line of Markdown as plain text: links as their words, emphasis and code without marks, comments not at all. */
function renderPlain(markdown: string): string {
  return markdown
    .replace(/<!--.*?-->/g, '')
    .replace(/!?\[([^\][]*)\]\([^()\s]*\)/g, '$1')
    .replace(/(\*\*|__|`+)(.+?)\1/g, '$2')
    .replace(/\*([^*\s](?:[^*]*[^*\s])?)\*/g, '$1')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
}
