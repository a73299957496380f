/**
 * The folder → its posts. One bad file never stops the others: it is left out with one problem. A file whose stamp is known is not opened
 * again, and no text is held, so that ten thousand posts that did not change cost ten thousand looks at their stamps.
 */
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cache } from '../domain/cache.ts';
import type { PostFile } from '../domain/post.ts';
import type { Problem } from '../domain/problem.ts';
import { succeed } from '../domain/succession.ts';
import { compareCodePoints } from './compare-code-points.ts';
import { decodeText } from './decode-text.ts';
import { isPostName } from './ignore-names.ts';
import { parseKept, POST_FILES, renderKept, type KeptFile, type ReadFile } from './keep-post.ts';
import { extractMarkdown, parsePost, type ParsedPost } from './parse-post.ts';
import { looksLikeTranscript } from './parse-transcript.ts';
import { PostMemory } from './post-memory.ts';
import { holdLittle } from './recalled-file.ts';
import { POST_LIMIT, readFileBytes, type FileBytes } from './read-file-bytes.ts';
import { refuseTwins } from './refuse-twins.ts';
import { walkPosts, type FoundFile, type Walk } from './walk-posts.ts';

export type ReadPostsOptions = {
  /** The publication's folder; posts lie in `posts/` below it. */
  readonly root: string;
  /** IANA zone that dates without one are in, and in which all are given. */
  readonly zone: string;
  readonly cache: Cache;
  /** False: read every file again and trust only its hash, as a network folder may need. */
  readonly trustStamps: boolean;
  /** Whether a file was a post before: of two that cannot both be, that one is. */
  readonly isKnown?: (file: PostFile) => boolean;
  /** Is told of each post that was not known, while its text is at hand. */
  readonly listener?: PostListener | undefined;
};

export type PostListener = {
  readonly hear: (file: PostFile, markdown: string) => void;
  /** Null while more may be told, else when that is so again. */
  readonly busy: () => Promise<void> | null;
};

export type ReadPosts = {
  /** By path, in code-point order. */
  readonly files: readonly PostFile[];
  /** Of files that were left out, and of the folder. What is wrong with a post that was read stands in its own `problems`. */
  readonly problems: readonly Problem[];
  /** `empty`: there is no file that is a post or was meant to be one. */
  readonly folder: 'missing' | 'empty' | 'present';
  /** Whether every file was read as it was met; if not, the next look may find more without any change in between. */
  readonly isSettled: boolean;
  /** A post's body as Markdown, or null when its file changed or went since. */
  readonly markdownOf: (file: PostFile) => string | null;
};

type Reading = ReadPostsOptions & {
  readonly memory: PostMemory;
  /** What the cache keeps of a path. */
  readonly keptOf: (path: string) => string | null;
  readonly changes: Map<string, string | null>;
  isSettled: boolean;
  /** Since others had a turn. */
  effort: number;
};

/** What a file gave, and what the cache is to know of it; `keep` is null when that is to stay as it is. */
type Look = { readonly parsed: ReadFile; readonly keep: KeptFile | null; readonly isSettled: boolean };

const BATCH = 200;

/** What a file takes, in files that are remembered: one that the cache knows, and one that is read anew while somebody listens, who is not to wait for others. */
const KEPT = 10;
const NEWS = 250;
/** Between two turns that others have: some milliseconds. */
const EFFORT_AT_ONCE = 2000;

/** `met`: what a walk of this moment found, to spare another. `memory`: of the last reading of the same folder in the same zone. */
export async function readPosts(
  options: ReadPostsOptions,
  met?: Walk,
  memory = new PostMemory(),
): Promise<ReadPosts> {
  const walk = met ?? (await walkPosts(options.root));
  const { cache } = options;
  const kept = memory.isFilled ? null : cache.all(POST_FILES);
  const keptOf = (path: string): string | null =>
    kept ? (kept.get(path) ?? null) : cache.get(POST_FILES, path);
  const reading: Reading = { ...options, memory, keptOf, changes: new Map(), isSettled: true, effort: 0 };
  const found: PostFile[] = [];
  const problems: Problem[] = [...walk.problems];
  for (const from of walk.files) {
    const parsed = readOne(reading, from);
    if (parsed.kind === 'post') found.push(parsed.file);
    if (parsed.kind === 'left-out') problems.push(...parsed.problems);
    if (reading.changes.size >= BATCH) flush(reading);
    // Without a turn of its own for each: what is told in one go, others take up in one go.
    const pause = pauseAfter(reading);
    if (pause) await pause;
  }
  forgetGone(reading, kept?.keys() ?? [], walk.files);
  memory.files = succeed(memory.files, found);
  const distinct = refuseTwins(memory.files, options.isKnown);
  const isEmpty = found.length === 0 && problems.length === 0;
  return {
    files: distinct.files,
    problems: [...problems, ...distinct.problems].sort((a, b) => compareCodePoints(a.path, b.path)),
    folder: !walk.isThere ? 'missing' : isEmpty ? 'empty' : 'present',
    isSettled: reading.isSettled,
    markdownOf: (file) => readMarkdown(memory, file),
  };
}

/** A listener gives work to others, who tell in between that they can take more. */
function pauseAfter(reading: Reading): Promise<void> | null {
  const busy = reading.listener?.busy() ?? null;
  if (reading.effort < EFFORT_AT_ONCE) return busy;
  reading.effort = 0;
  return busy ? busy.then(async () => await nextTurn()) : nextTurn();
}

function flush({ cache, changes }: Reading): void {
  if (changes.size === 0) return;
  cache.put(POST_FILES, changes);
  changes.clear();
}

/** A file that is gone would else be kept for ever. */
function forgetGone(reading: Reading, kept: Iterable<string>, files: readonly FoundFile[]): void {
  for (const path of reading.memory.keepOnly(files)) reading.changes.set(path, null);
  for (const path of kept) if (!reading.memory.get(path)) reading.changes.set(path, null);
  flush(reading);
}

function readOne(reading: Reading, from: FoundFile): ReadFile {
  const { memory, trustStamps, zone } = reading;
  const last = memory.get(from.path);
  if (last?.isSettled && last.from.stamp === from.stamp && trustStamps) {
    if (last.from !== from) memory.meet(from, last);
    reading.effort += 1;
    return last.parsed;
  }
  const text = reading.keptOf(from.path);
  const known = text === null ? null : parseKept(text, zone);
  const isKnown = known?.stamp === from.stamp && trustStamps;
  const look = isKnown
    ? { parsed: known.parsed, keep: null, isSettled: true }
    : lookAgain(reading, from, known);
  // The same value for the same bytes: whoever works with it need not compare.
  const isSame = last?.parsed.kind === 'post' && isSamePost(last.parsed, look.parsed);
  const written = noteDown(reading, from.path, look.keep === known ? null : look.keep);
  const parsed = isSame ? last.parsed : hold(reading, letGoOfText(look, written, zone), from.path);
  memory.set({ from, parsed, isSettled: look.isSettled });
  if (!look.isSettled) reading.isSettled = false;
  return parsed;
}

function noteDown(reading: Reading, path: string, keep: KeptFile | null): string | null {
  reading.effort += keep !== null && reading.listener ? NEWS : KEPT;
  const written = keep && renderKept(keep);
  if (written !== null) reading.changes.set(path, written);
  return written;
}

/** The facts of a post are slices of its text, and each slice would hold the whole of it: they are made anew of what was written down. */
function letGoOfText({ parsed }: Look, written: string | null, zone: string): ReadFile {
  return (written === null ? null : parseKept(written, zone)?.parsed) ?? parsed;
}

function hold({ memory, cache, zone }: Reading, parsed: ReadFile, path: string): ReadFile {
  return memory.holdsAll || parsed.kind !== 'post' ? parsed : holdLittle(parsed, path, { cache, zone });
}

function isSamePost(a: Extract<ReadFile, { kind: 'post' }>, b: ReadFile): boolean {
  return b.kind === 'post' && a.file.fileHash === b.file.fileHash;
}

function lookAgain(reading: Reading, from: FoundFile, known: KeptFile | null): Look {
  const { zone } = reading;
  if (!isPostName(from.path) && !looksLikeTranscript(from.file)) {
    const parsed: ReadFile = { kind: 'not-a-post' };
    const isKnown = known?.parsed.kind === 'not-a-post' && known.stamp === from.stamp;
    const keep = isKnown ? known : { stamp: from.stamp, zone, fileHash: '', parsed };
    return { parsed, keep, isSettled: true };
  }
  const read = readFileBytes(from.file);
  if (read.kind !== 'read') {
    const parsed = explainUnread(from.path, read, known);
    return { parsed, keep: null, isSettled: read.kind === 'too-large' };
  }
  const { bytes, stamp } = read;
  const isSettled = stamp === from.stamp;
  const fileHash = hash('sha256', bytes);
  if (known?.fileHash === fileHash) {
    return { parsed: known.parsed, keep: known.stamp === stamp ? known : { ...known, stamp }, isSettled };
  }
  const parsed = parseBytes(reading, from.path, bytes, fileHash);
  return { parsed, keep: { stamp, zone, fileHash, parsed }, isSettled };
}

function parseBytes(
  { zone, listener }: Reading,
  path: string,
  bytes: Uint8Array,
  fileHash: string,
): ParsedPost {
  const decoded = decodeText(bytes);
  if (decoded.kind === 'refused') return leaveOut(path, decoded.reason);
  const parsed = parsePost({ path, text: decoded.text, fileHash }, zone);
  if (listener && parsed.kind === 'post')
    listener.hear(parsed.file, extractMarkdown(decoded.text, parsed.place));
  if (!decoded.dropped || parsed.kind !== 'post') return parsed;
  const { count, line } = decoded.dropped;
  const message = `${count} control characters that no feed can carry were left out: remove them`;
  const problems: readonly Problem[] = [
    { severity: 'warning', path, line, message },
    ...parsed.file.problems,
  ];
  return { ...parsed, file: { ...parsed.file, problems } };
}

type Unread = Exclude<FileBytes, { kind: 'read' }>;

/** A file in the middle of being written stays what it was until the next look. */
function explainUnread(path: string, read: Unread, known: KeptFile | null): ReadFile {
  if (read.kind === 'gone') return { kind: 'not-a-post' };
  return read.kind === 'changing' && known ? known.parsed : leaveOut(path, UNREAD[read.kind](read));
}

const UNREAD: Readonly<Record<Exclude<Unread['kind'], 'gone'>, (read: Unread) => string>> = {
  changing: () => 'it is being written at this moment: it is read at the next look',
  'too-large': () =>
    `it is larger than ${POST_LIMIT / 1024 / 1024} MB, which no post is: shorten or remove it`,
  'not-a-file': () => 'it is a pipe, a socket or a device, which is never read: remove it',
  unreadable: (read) => `it cannot be read (${'code' in read ? read.code : ''}): check its permissions`,
};

function leaveOut(path: string, message: string): ParsedPost {
  return { kind: 'left-out', problems: [{ severity: 'error', path, line: null, message }] };
}

/** A post's body as Markdown, or null when its file changed or went since `memory` saw it. */
export function readMarkdown(memory: PostMemory, file: PostFile): string | null {
  const look = memory.get(file.path);
  const read = look ? readFileBytes(look.from.file) : null;
  if (look?.parsed.kind !== 'post' || read?.kind !== 'read') return null;
  if (look.parsed.file.fileHash !== file.fileHash || hash('sha256', read.bytes) !== file.fileHash)
    return null;
  const decoded = decodeText(read.bytes);
  return decoded.kind === 'text' ? extractMarkdown(decoded.text, look.parsed.place) : null;
}
