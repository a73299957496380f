/**
 * The kinds of values a setting can have, as zod types: each reads what the author wrote into what the program works with,
 * or says in one phrase what is expected. The phrases never repeat the value.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { domainOf, type Mailbox, parseAddress, parseMailbox } from '../domain/address.ts';
import { nearestName } from './nearest-name.ts';
import { parseDuration } from './parse-duration.ts';
import { parseScheduleText } from './parse-schedule-text.ts';

// A config is read once: to compile what reads it faster the next time takes a fifth of what it takes to read it.
z.config({ jitless: true });

/** `parse` answers null for what it cannot read; `refuse` may then say more than what is expected. */
export function textKind<T>(
  expected: string,
  parse: (text: string) => T | null,
  refuse: (text: string) => string = () => expected,
) {
  return z.string({ error: `must be ${expected}` }).transform((text, context): T => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: `must be ${refuse(text)}` });
    return z.NEVER;
  });
}

/** One line: white space of any kind becomes single spaces. */
const parseLine = (text: string): string | null => {
  const line = text.toWellFormed().replace(/\s+/gu, ' ').trim();
  return /\p{Cc}/u.test(line) ? null : line;
};

const LINE = 'text in one line (a number or true needs quotes)';

export const line = () => textKind(LINE, parseLine);

export const filledLine = () => textKind(`${LINE}, not empty`, (text) => parseLine(text) || null);

/** What a program shows to be let in: long enough that nobody guesses it. */
export const accessToken = () =>
  textKind('16 characters or more, without spaces', (text) => (/^[!-~]{16,}$/.test(text) ? text : null));

/** Keeps its line ends: a postal address has some. */
export const lines = () =>
  textKind('text without control characters', (text) => {
    const trimmed = text.toWellFormed().replace(/\r\n?/g, '\n').trim();
    return /[^\P{Cc}\n]/u.test(trimmed) ? null : trimmed;
  });

export const wholeNumber = (low: number, high: number) => {
  const error = `must be a whole number from ${low} to ${high}`;
  return z.int({ error }).min(low, { error }).max(high, { error });
};

export const yesOrNo = () => z.boolean({ error: 'must be true or false' });

export const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` });

export const webUrl = () =>
  textKind('an address that begins with https:// or http://, without user, query or #', parseWebUrl);

/** RFC 6454 §6.2: as a browser names it in `Origin`. */
export const siteOrigin = () =>
  textKind('a site such as https://ann.example, without a path', (text) => {
    const url = parseWebUrl(text);
    return url !== null && new URL(url).pathname === '/' ? new URL(url).origin : null;
  });

/** One address, or a network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). */
export const network = () =>
  textKind('an IP address or network such as 127.0.0.1 or 10.0.0.0/8', (text) => {
    const [address = '', length, ...rest] = text.trim().split('/');
    const version = isIP(address);
    if (version === 0 || rest.length > 0) return null;
    const longest = version === 4 ? 32 : 128;
    const bits = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : -1;
    return bits >= 0 && bits <= longest ? `${address}/${bits}` : null;
  });

function parseWebUrl(text: string): string | null {
  const url = /^https?:\/\//i.test(text.trim()) ? URL.parse(text.trim()) : null;
  if (!url || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** The address is kept as its hub spells it: a slash more would be another one. */
export const hub = () =>
  textKind(
    'self, or the address of a hub that begins with https:// or http://, without user or #',
    (text) => {
      if (text.trim() === 'self') return 'self';
      const url = /^https?:\/\//i.test(text.trim()) ? URL.parse(text.trim()) : null;
      return url && url.username === '' && url.password === '' && url.hash === '' ? url.href : null;
    },
  );

/** Lines as they are, for the shell. */
export const shellCommand = () =>
  textKind('a command for the shell, not empty', (text) => {
    const command = text.toWellFormed().replace(/\r\n?/g, '\n').trim();
    return /[^\P{Cc}\n\t]/u.test(command) ? null : command || null;
  });

/** The text stays as it is, for it holds a password; what it means is for the transport to say. */
export const smtpUrl = () =>
  textKind(
    'smtp://user:password@host:587, or smtps://…:465 (in user and password, write @ : / as %40 %3A %2F)',
    (text) => {
      const url = /^smtps?:\/\//i.test(text.trim()) ? URL.parse(text.trim()) : null;
      return url && url.hostname !== '' ? text.trim() : null;
    },
  );

export const mailbox = () =>
  textKind<Mailbox>('an address such as ann@example.org or Ann Lee <ann@example.org>', (text) =>
    parseMailbox(text),
  );

/** In A-labels: what may stand after the @ of an address. */
export const domain = () =>
  textKind('a domain such as example.org', (text) => {
    const result = parseAddress(`any@${text.trim()}`);
    return result.kind === 'address' ? domainOf(result.address) : null;
  });

/** RFC 6376 §3.1: labels of DNS. */
export const selector = () =>
  textKind('letters, digits, hyphens and dots, such as renga-2026-11', (text) =>
    /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i.test(text) && text.length <= 100
      ? text.toLowerCase()
      : null,
  );

export const zone = () =>
  textKind('a time zone such as Europe/Berlin', (text) => (isZone(text) ? text : null), describeZone);

/** Asked of who works with it: `Intl` takes a few more, and longer. */
function isZone(text: string): boolean {
  try {
    return new Temporal.ZonedDateTime(0n, text).timeZoneId !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function describeZone(text: string): string {
  const nearest = nearestName(text.replaceAll(' ', '_'), Intl.supportedValuesOf('timeZone'));
  return `a time zone such as ${nearest ?? 'Europe/Berlin'}`;
}

export const language = () =>
  textKind('a language tag such as en, de or pt-BR', (text) => {
    try {
      return Intl.getCanonicalLocales(text)[0] ?? null;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  });

const SCHEDULE =
  'a schedule such as Monday 09:00, weekdays 08:00, each (post) or the five cron fields "0 9 * * 1"';

export const schedule = () =>
  textKind(
    SCHEDULE,
    (text) => {
      const reading = parseScheduleText(text);
      return reading.kind === 'cron' || reading.kind === 'each' ? reading : null;
    },
    (text) =>
      parseScheduleText(text).kind === 'never' ? 'a schedule that occurs: no day fits this one' : SCHEDULE,
  );

/** A day is midnight in the series' zone. */
export const backlog = () =>
  textKind(
    'skip, include, or a day such as 2026-11-20',
    (text): 'skip' | 'include' | Temporal.PlainDate | null => {
      if (text === 'skip' || text === 'include') return text;
      return parseDay(text);
    },
  );

function parseDay(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return null;
  }
}

export const duration = () => textKind('a time such as 48h, 90m or 2d', parseDuration);

const PLACEHOLDERS = new Set(['slug', 'year', 'month', 'day']);

/** Each post needs a URL of its own, so `{slug}` is in it. */
export const permalink = () =>
  textKind('a pattern with {slug} and, if wanted, {year}, {month} and {day}: blog/{year}/{slug}/', (text) => {
    const names = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
    const isKnown = names.includes('slug') && names.every((name) => PLACEHOLDERS.has(name));
    const rest = text.replace(/\{\w+\}/g, '');
    return isKnown && !/[\s{}\p{Cc}]/u.test(rest) && isWebPath(text) ? text : null;
  });

/** A path, or a whole address; not `javascript:` nor another site's `//`. */
function isWebPath(pattern: string): boolean {
  return /^https?:\/\//i.test(pattern) || !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(pattern);
}

export const hostName = () =>
  textKind('a name or address of this machine, such as 127.0.0.1', (text) =>
    /^[\w.:-]+$/.test(text) && URL.canParse(`http://${renderHost(text)}/`) ? text : null,
  );

/** RFC 3986 §3.2.2: an IPv6 address in a URL stands in brackets. */
export function renderHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
