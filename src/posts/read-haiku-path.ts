/** What a post's name below `posts/` says of it: `a-/-b-/-c.md` is a haiku, and a name that begins with a day is dated. */
import { haikuFromLines, type Haiku } from '../domain/haiku.ts';
import { isDay } from './parse-date.ts';

export type NameDate =
  | { readonly kind: 'date'; readonly at: Temporal.ZonedDateTime }
  | { readonly kind: 'no-such-day'; readonly written: string };

const LEADING_DAY = /^(\d{4}-\d{2}-\d{2})(?![0-9])[-_ ]*/;

/** The haiku that the last three parts of the name are, hyphens as spaces; or null. */
export function readHaikuPath(name: string): Haiku | null {
  const [first = '', second = '', third = ''] = stemOf(name).split('/').slice(-3);
  const isHaiku = first.endsWith('-') && /^-.*-$/su.test(second) && third.startsWith('-');
  return isHaiku ? haikuFromLines([first.replace(LEADING_DAY, ''), second, third].map(renderWords)) : null;
}

/** `YYYY-MM-DD` that leads the file's name, or the haiku's when its slashes made folders. */
export function readNameDate(name: string, zone: string): NameDate | null {
  const parts = name.split('/');
  const led = [parts.at(-1), readHaikuPath(name) ? parts.at(-3) : undefined];
  const written = led.map((part) => LEADING_DAY.exec(part ?? '')?.[1]).find((day) => day !== undefined);
  if (written === undefined) return null;
  if (!isDay(written)) return { kind: 'no-such-day', written };
  return { kind: 'date', at: Temporal.PlainDate.from(written).toZonedDateTime(zone) };
}

/** The last words to call a post by: its file's name without day, hyphens as spaces; for `x/index.md` the folder's. */
export function readNameTitle(name: string): string {
  const parts = stemOf(name).split('/');
  const last = parts.at(-1) === 'index' ? (parts.at(-2) ?? 'index') : (parts.at(-1) ?? '');
  return renderWords(last.replace(LEADING_DAY, '')) || renderWords(last) || 'Untitled';
}

function stemOf(name: string): string {
  return name.replace(/\.[a-z]+$/i, '');
}

function renderWords(part: string): string {
  return part.replace(/[-_\s]+/gu, ' ').trim();
}
