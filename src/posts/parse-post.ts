/**
 * A post's text → what its file says (`PostFile`), and where in it the body lies. Pure: the text of one file and the
 * publication's zone are all it depends on.
 */
import { hash } from 'node:crypto';
import { renderHaikuLine, type Haiku } from '../domain/haiku.ts';
import type { PostFile } from '../domain/post.ts';
import type { Problem } from '../domain/problem.ts';
import { hasHeadings } from './classify-lines.ts';
import { composeSlug } from './compose-slug.ts';
import type { Field } from './front-matter-field.ts';
import { parseFrontMatter } from './parse-front-matter.ts';
import { parseHead, trimEnd, type Head } from './parse-head.ts';
import { parseTranscriptLine } from './parse-transcript.ts';
import { readFrontMatter, type FrontMatter, type Report } from './read-front-matter.ts';
import { readHaikuPath, readNameDate, readNameTitle } from './read-haiku-path.ts';
import { shapeProse } from './shape-prose.ts';
import { sketchText } from './sketch-text.ts';
import { nextFilled, splitFrontMatter } from './split-front-matter.ts';

/** Where the body lies in its text, and how it is written: with it, `extractMarkdown` needs no second parse. */
export type BodyPlace = {
  /** From 0. */
  readonly line: number;
  readonly format: 'prose' | 'markdown';
};

export type ParsedPost =
  | { readonly kind: 'post'; readonly file: PostFile; readonly place: BodyPlace }
  | { readonly kind: 'left-out'; readonly problems: readonly Problem[] };

/** A file of `posts/` as text with `\n` line ends. */
export type PostText = { readonly path: string; readonly text: string; readonly fileHash: string };

const LONGEST_TITLE = 300;

/** The front matter's place in the text, read; `fields` is null when there is none. */
type Opened = {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field> | null;
  readonly start: number;
};

export function parsePost(post: PostText, zone: string): ParsedPost {
  const problems: Problem[] = [];
  const report: Report = (severity, line, message) =>
    problems.push({ severity, path: post.path, line, message });
  const lines = post.text.split('\n');
  if (nextFilled(lines, 0) === lines.length)
    report('error', null, 'it is empty: write something, or remove it');
  const opened = openPost(lines, post.path, report);
  const front = readFrontMatter(opened.fields ?? new Map(), zone, report);
  const isMarkdown = opened.fields !== null || hasHeadings(lines.slice(opened.start));
  const format = front.format ?? (isMarkdown ? 'markdown' : 'prose');
  const head = parseHead(lines, opened.start, {
    zone,
    isProse: format === 'prose',
    title: front.title,
    haiku: front.haiku,
  });
  if (head.refused) report('error', head.refused.line + 1, head.refused.reason);
  const place: BodyPlace = { line: head.bodyLine, format };
  const known = composeFacts(opened.name, { front, head, zone }, report);
  // What might be better of a post that is not published is no news.
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) return { kind: 'left-out', problems: errors };
  const source = extractSource(lines, place).join('\n');
  const contentHash = hashContent(known, source, format);
  const { path, fileHash } = post;
  const file = { path, fileHash, contentHash, sketch: sketchText(source), ...known, problems };
  return { kind: 'post', file, place };
}

/** The post's body as Markdown, without its head; prose already shaped. */
export function extractMarkdown(text: string, place: BodyPlace): string {
  const lines = extractSource(text.split('\n'), place);
  return (place.format === 'prose' ? shapeProse(lines) : lines).join('\n');
}

function extractSource(lines: readonly string[], place: BodyPlace): readonly string[] {
  return trimEnd(lines.slice(place.line));
}

/** Reads past a transcript's first line and front matter. */
function openPost(lines: readonly string[], path: string, report: Report): Opened {
  const transcript = parseTranscriptLine(lines[0] ?? '');
  const name = transcript === null ? path.slice('posts/'.length) : cleanName(transcript);
  const start = transcript === null ? 0 : 1;
  const split = splitFrontMatter(lines, start);
  if (split.kind === 'none') return { name, fields: null, start };
  if (split.kind === 'refused') {
    report('error', split.line + 1, split.reason);
    return { name, fields: null, start };
  }
  const parsed = parseFrontMatter(lines.slice(split.first, split.end).join('\n'), split.first + 1);
  if (parsed.kind === 'broken') report('error', parsed.line, parsed.reason);
  return { name, fields: parsed.kind === 'fields' ? parsed.fields : new Map(), start: split.end + 1 };
}

/** A transcript's name is only read for its words: `..` and empty parts are none. */
function cleanName(name: string): string {
  return name
    .split('/')
    .filter((part) => !/^\.*$/.test(part))
    .join('/');
}

type Sources = { readonly front: FrontMatter; readonly head: Head; readonly zone: string };
type Facts = Omit<PostFile, 'path' | 'fileHash' | 'contentHash' | 'sketch' | 'problems'>;

/** Each fact from the first source that has it. */
function composeFacts(name: string, { front, head, zone }: Sources, report: Report): Facts {
  const { id, updated: updatedAt, changed: changedAt, tags, draft, inDigests, inFeeds } = front;
  const { author, summary, canonical, image, audio, duration, correction } = front;
  const haiku = front.haiku === 'unusable' ? null : (front.haiku ?? head.haiku ?? readHaikuPath(name));
  if (haiku === null && front.haiku === null) {
    report('warning', null, 'it has no haiku, so it goes without one: make "a / b / c" its first line');
  }
  const title = clipTitle(front.title ?? head.title ?? titleFrom(haiku, name), report);
  const publishedAt = front.date ?? head.date ?? dateFrom(name, zone, report);
  const { slug, isChanged } = composeSlug(front.slug?.text ?? null, name);
  if (front.slug && isChanged) {
    report('warning', front.slug.line, `"slug" was made safe for URLs and disks: it is ${slug}`);
  }
  const words = { haiku, title, tags, author, summary, canonical, image, audio, duration, correction };
  hintUnseen(front, report);
  return { id, slug, publishedAt, updatedAt, changedAt, draft, inDigests, inFeeds, ...words };
}

function hintUnseen({ inDigests, inFeeds }: FrontMatter, report: Report): void {
  if (inDigests || inFeeds) return;
  report('hint', null, 'no digest and no feed has it, so readers only find it on your site');
}

function titleFrom(haiku: Haiku | null, name: string): string {
  return haiku ? renderHaikuLine(haiku) : readNameTitle(name);
}

function clipTitle(title: string, report: Report): string {
  if (title.length <= LONGEST_TITLE) return title;
  report('warning', null, `its title is longer than ${LONGEST_TITLE} characters and was cut`);
  return `${title
    .slice(0, LONGEST_TITLE - 1)
    .toWellFormed()
    .trimEnd()}…`;
}

function dateFrom(name: string, zone: string, report: Report): Temporal.ZonedDateTime | null {
  const date = readNameDate(name, zone);
  if (date?.kind !== 'no-such-day') return date?.at ?? null;
  report(
    'warning',
    null,
    `its name begins with ${date.written}, which is no day, so it is dated when first seen`,
  );
  return null;
}

/** Over the author's own words, not our shaping of them: a better shaping must not make every old post look edited. */
function hashContent(facts: Facts, source: string, format: string): string {
  const { haiku, title, author, summary, image, audio } = facts;
  // Only where there is one: posts that were hashed before there was any stay as they are.
  const sound = audio === null ? [] : [audio];
  return hash('sha256', JSON.stringify([haiku, title, author, summary, image, format, source, ...sound]));
}
