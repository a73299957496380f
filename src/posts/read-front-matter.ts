/**
 * Fields → what Renga knows of a post's front matter. A value that decides who sees the post, when and as what (id, date, updated,
 * changed, draft, digest, feed) and cannot be understood leaves the post out; any other is left unused, with a warning.
 */
import { haikuFromLines, parseHaiku, type Haiku } from '../domain/haiku.ts';
import type { PostFile } from '../domain/post.ts';
import type { Severity } from '../domain/problem.ts';
import { parseDate } from './parse-date.ts';
import { parseDuration } from './parse-duration.ts';
import type { Field, FieldValue } from './front-matter-field.ts';

/** `inDigests` and `inFeeds` are true where nothing is said. */
type AsRead = Pick<
  PostFile,
  | 'id'
  | 'tags'
  | 'draft'
  | 'inDigests'
  | 'inFeeds'
  | 'author'
  | 'summary'
  | 'canonical'
  | 'image'
  | 'audio'
  | 'duration'
  | 'correction'
>;

/** What a post takes from it as it is, and what its text and path have a say in. */
export type FrontMatter = AsRead & {
  readonly slug: { readonly text: string; readonly line: number } | null;
  readonly title: string | null;
  /** `unusable`: it is given, and is not three lines. */
  readonly haiku: Haiku | 'unusable' | null;
  readonly date: Temporal.ZonedDateTime | null;
  readonly updated: Temporal.ZonedDateTime | null;
  readonly changed: Temporal.ZonedDateTime | null;
  readonly format: 'prose' | 'markdown' | null;
};

/** Takes note of one problem; `line` is one-based. */
export type Report = (severity: Severity, line: number | null, message: string) => void;

type Fields = ReadonlyMap<string, Field>;

export function readFrontMatter(fields: Fields, zone: string, report: Report): FrontMatter {
  const textOf = (key: string, severity: Severity = 'warning'): string | null =>
    readText(fields, key, severity, report);
  const slug = textOf('slug');
  return {
    id: readId(fields, textOf('id', 'error'), report),
    slug: slug === null ? null : { text: slug, line: lineOf(fields, 'slug') },
    title: textOf('title'),
    haiku: readHaiku(fields, report),
    date: readDate(fields, 'date', zone, report),
    updated: readDate(fields, 'updated', zone, report),
    changed: readDate(fields, 'changed', zone, report),
    tags: readTags(fields, report),
    draft: readFlag(fields, 'draft', false, report),
    inDigests: readFlag(fields, 'digest', true, report),
    inFeeds: readFlag(fields, 'feed', true, report),
    author: textOf('author'),
    summary: textOf('summary'),
    canonical: readCanonical(fields, textOf('canonical'), report),
    image: readImage(fields, textOf('image'), report),
    audio: readAudio(fields, textOf('audio'), report),
    duration: readDuration(fields, textOf('duration'), report),
    correction: textOf('correction'),
    format: readFormat(fields, textOf('format'), report),
  };
}

function lineOf(fields: Fields, key: string): number {
  return fields.get(key)?.line ?? 1;
}

/** One line of text, trimmed, or null when the key is missing or empty. */
function readText(fields: Fields, key: string, severity: Severity, report: Report): string | null {
  const field = fields.get(key);
  if (!field || field.value.kind === 'empty') return null;
  if (field.value.kind !== 'text') {
    report(severity, field.line, `"${key}" must be text, not ${nameOf(field.value)}`);
    return null;
  }
  const cleaned = cleanText(field.value.text);
  if (cleaned.isChanged)
    report('warning', field.line, `"${key}" held control characters, which were left out`);
  const text = cleaned.text.replace(/\s+/gu, ' ').trim();
  return text === '' ? null : text;
}

/** YAML's escapes can spell what the file itself could not hold. */
function cleanText(text: string): { readonly text: string; readonly isChanged: boolean } {
  const cleaned = text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/g, '');
  return { text: cleaned, isChanged: cleaned !== text };
}

function nameOf(value: FieldValue): string {
  if (value.kind === 'other') return value.what;
  return value.kind === 'list' ? 'a list' : value.kind === 'empty' ? 'nothing' : 'text';
}

/** RFC 4287 §4.2.6 asks for an IRI; whatever one word an older system used is honoured, since it must never change. */
function readId(fields: Fields, id: string | null, report: Report): string | null {
  if (id === null) return null;
  if (!/\s/u.test(id) && id.length <= 500) {
    if (!/^[a-z][a-z0-9+.-]*:./iu.test(id))
      report(
        'warning',
        lineOf(fields, 'id'),
        `"id" is kept, but Atom wants an address or a tag: such as tag:example.org,2026:${id}`,
      );
    return id;
  }
  report(
    'error',
    lineOf(fields, 'id'),
    '"id" must be one word of at most 500 characters, such as tag:example.org,2026:a-name',
  );
  return null;
}

function readHaiku(fields: Fields, report: Report): FrontMatter['haiku'] {
  const field = fields.get('haiku');
  if (!field || field.value.kind === 'empty') return null;
  const haiku = parseHaikuValue(field.value);
  if (haiku) return haiku;
  report(
    'warning',
    field.line,
    '"haiku" must be exactly three lines, so the post goes without one: write a / b / c',
  );
  return 'unusable';
}

function parseHaikuValue(value: FieldValue): Haiku | null {
  if (value.kind === 'text') return parseHaiku(cleanText(value.text).text.trim());
  if (value.kind !== 'list') return null;
  const lines = value.items.map((item) => (item.kind === 'text' ? cleanText(item.text).text : '\n'));
  return lines.some((line) => line.trim().includes('\n')) || lines.includes('\n')
    ? null
    : haikuFromLines(lines);
}

function readDate(fields: Fields, key: string, zone: string, report: Report): Temporal.ZonedDateTime | null {
  const text = readText(fields, key, 'error', report);
  if (text === null) return null;
  const reading = parseDate(text, zone);
  if (reading.kind === 'date') return reading.at;
  const reason = reading.kind === 'refused' ? reading.reason : `"${text}" is not a date: write 2026-11-20`;
  report('error', lineOf(fields, key), `"${key}": ${reason}`);
  return null;
}

/** A list, or words between commas. Each tag once, whatever its case. */
function readTags(fields: Fields, report: Report): readonly string[] {
  const field = fields.get('tags');
  if (!field || field.value.kind === 'empty') return [];
  const { value, line } = field;
  if (value.kind === 'other') report('warning', line, `"tags" must be a list of words, not ${value.what}`);
  const written =
    value.kind === 'text'
      ? value.text.split(',')
      : value.kind === 'list'
        ? textsOf(value.items, line, report)
        : [];
  const tags = new Map<string, string>();
  for (const text of written) {
    const tag = cleanText(text)
      .text.replace(/\s+/gu, ' ')
      .trim()
      .normalize('NFC')
      .slice(0, 100)
      .toWellFormed();
    if (tag !== '' && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return [...tags.values()];
}

function textsOf(items: readonly FieldValue[], line: number, report: Report): readonly string[] {
  const odd = items.find((item) => item.kind !== 'text' && item.kind !== 'empty');
  if (odd) report('warning', line, `"tags" must be a list of words; ${nameOf(odd)} among them was left out`);
  return items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
}

/** What is not understood is an error, so that nobody sees the post where its author did not want it. */
function readFlag(fields: Fields, key: string, unsaid: boolean, report: Report): boolean {
  const field = fields.get(key);
  if (!field || field.value.kind === 'empty') return unsaid;
  const { value } = field;
  if (value.kind === 'text' && /^true$/i.test(value.text)) return true;
  if (value.kind === 'text' && /^false$/i.test(value.text)) return false;
  report('error', field.line, `"${key}" must be true or false; until then the post is held back`);
  return unsaid;
}

function readCanonical(fields: Fields, text: string | null, report: Report): string | null {
  if (text === null) return null;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text).href;
  report(
    'warning',
    lineOf(fields, 'canonical'),
    '"canonical" must be a whole address that begins with https://',
  );
  return null;
}

function readImage(fields: Fields, text: string | null, report: Report): string | null {
  if (text === null || !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(text) || isWebUrl(text)) return text;
  report(
    'warning',
    lineOf(fields, 'image'),
    '"image" must be a file beside the post, or begin with https://',
  );
  return null;
}

/** RSS 2.0 asks for the length of an enclosure, which only a file of our own can be asked for. */
function readAudio(fields: Fields, text: string | null, report: Report): string | null {
  if (text === null || !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(text)) return text;
  report(
    'warning',
    lineOf(fields, 'audio'),
    '"audio" must be a file beside the post: a link in the text may lead elsewhere',
  );
  return null;
}

function readDuration(fields: Fields, text: string | null, report: Report): number | null {
  const duration = text === null ? null : parseDuration(text);
  if (text !== null && duration === null)
    report(
      'warning',
      lineOf(fields, 'duration'),
      '"duration" is how long the sound runs, such as 12:34 or 1:02:03',
    );
  return duration;
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function readFormat(fields: Fields, text: string | null, report: Report): FrontMatter['format'] {
  if (text === null || text === 'prose' || text === 'markdown') return text;
  report('warning', lineOf(fields, 'format'), '"format" must be prose or markdown');
  return null;
}
