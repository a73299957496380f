/**
 * The transcript: a file whose first line, `$ cat post/….md`, names the post that the rest of it is. Slashes in the
 * name make folders. The name was written by somebody else: it is data, and nothing is opened by it.
 */
import { readFirstBytes } from './read-file-bytes.ts';

const FIRST_LINE = /^\$ cat (["']?)(?:\.\/)?posts?\/(.+\.(?:md|markdown))\1\s*$/i;
const LONGEST_LINE = 4096;

/** First line → the post's name below `posts/` as it is written there (`a-/-b-/-c.md`), or null when it is no transcript. */
export function parseTranscriptLine(line: string): string | null {
  if (!line.startsWith('$ cat ') || line.length > LONGEST_LINE) return null;
  return FIRST_LINE.exec(line)?.[2] ?? null;
}

/** Whether a file is a transcript, by its first bytes alone. */
export function looksLikeTranscript(file: string): boolean {
  const bytes = readFirstBytes(file, LONGEST_LINE);
  if (!bytes) return false;
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8';
  const [line = ''] = new TextDecoder(encoding).decode(bytes).split(/\r\n?|\n/, 1);
  return parseTranscriptLine(line) !== null;
}
