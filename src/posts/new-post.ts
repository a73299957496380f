/** Starts a post: a file in folders named after its haiku, with front matter to write on from. */
import { hash } from 'node:crypto';
import { parseHaiku, type Haiku } from '../domain/haiku.ts';
import { OperatorError } from '../domain/operator-error.ts';
import { placePost } from './place-post.ts';
import { createFile } from './write-whole-file.ts';

export type NewPostOptions = {
  /** The publication's folder. */
  readonly root: string;
  /** `a / b / c`, or three lines. */
  readonly haiku: string;
  readonly title?: string;
  readonly now: Temporal.Instant;
  /** The publication's zone, which the date is written in. */
  readonly zone: string;
};

/** Resolves to the post's path below the publication's folder. It is a draft, so that nobody is sent an empty page. */
export async function newPost({ root, haiku, title, now, zone }: NewPostOptions): Promise<string> {
  const lines = parseHaiku(haiku.trim());
  if (!lines)
    throw new OperatorError(
      `"${haiku}" is not three lines.`,
      'Write them with slashes between: "a / b / c".',
    );
  const place = placePost(root, `${lines.map(renderPathPart).join('-/-')}.md`);
  if (place.kind === 'refused')
    throw new OperatorError(`${place.reason}.`, 'Move the link, or choose other words.');
  const text = renderPost(lines, title ?? null, now.toZonedDateTimeISO(zone));
  if (await createFile(place.file, Buffer.from(text))) return place.path;
  throw new OperatorError(`${place.path} is there already.`, 'Open it, or begin with another haiku.');
}

/** Letters and digits of any script stay; everything else parts words. Short enough for any disk. */
function renderPathPart(line: string): string {
  const words =
    line
      .normalize('NFC')
      .toLowerCase()
      .replace(/['’]/gu, '')
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const part = clip(words.join('-'), 120).replace(/-+$/, '');
  return part === '' ? hash('sha256', line).slice(0, 8) : part;
}

/** At most so many bytes of UTF-8, never through a character. */
function clip(text: string, bytes: number): string {
  let length = 0;
  let kept = '';
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}

/** JSON's strings are YAML's (YAML 1.2 §1.3), so no line can break out of its place. */
function renderPost(haiku: Haiku, title: string | null, now: Temporal.ZonedDateTime): string {
  const lines = [
    '---',
    ...(title === null ? [] : [`title: ${JSON.stringify(title)}`]),
    `date: ${now.toString({ timeZoneName: 'never', smallestUnit: 'second' })}`,
    'draft: true # remove this line to publish',
    'haiku:',
    ...haiku.map((line) => `  - ${JSON.stringify(line)}`),
    '---',
    '',
    '',
  ];
  return lines.join('\n');
}
