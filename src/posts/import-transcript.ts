/**
 * A transcript → the post it names, in `posts/`, with the very text that follows its first line. A post that is there already is
 * never overwritten.
 */
import { decodeExactly, decodeText } from './decode-text.ts';
import { parseTranscriptLine } from './parse-transcript.ts';
import { placePost } from './place-post.ts';
import { errorCode, POST_LIMIT, readFileBytes } from './read-file-bytes.ts';
import { createFile } from './write-whole-file.ts';

/** `path` is below the publication's folder. `exists`: the same text is there already. */
export type Import =
  | { readonly kind: 'imported'; readonly path: string }
  | { readonly kind: 'exists'; readonly path: string }
  | { readonly kind: 'refused'; readonly reason: string };

export type ImportOptions = {
  /** The publication's folder. */
  readonly root: string;
  /** The transcript, for the file system. */
  readonly file: string;
};

type Transcript =
  | { readonly kind: 'transcript'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: string };

export async function importTranscript({ root, file }: ImportOptions): Promise<Import> {
  const transcript = readTranscript(file);
  if (transcript.kind === 'refused') return transcript;
  const place = placePost(root, transcript.name);
  if (place.kind === 'refused') return refuse(`${place.reason}: correct its first line`);
  const { path } = place;
  const made = await make(place.file, transcript.bytes);
  if (made.kind === 'failed') return refuse(`${path} cannot be written (${made.code})`);
  if (made.kind === 'made') return { kind: 'imported', path };
  const present = readFileBytes(place.file);
  const isSame = present.kind === 'read' && Buffer.from(present.bytes).equals(transcript.bytes);
  return isSame
    ? { kind: 'exists', path }
    : refuse(`${path} is there already with another text: move one of them away`);
}

function readTranscript(file: string): Transcript {
  const read = readFileBytes(file);
  if (read.kind === 'too-large')
    return refuse(`it is larger than ${POST_LIMIT / 1024 / 1024} MB, which no post is`);
  if (read.kind !== 'read')
    return refuse(`it cannot be read (${read.kind === 'unreadable' ? read.code : read.kind})`);
  const checked = decodeText(read.bytes);
  if (checked.kind === 'refused') return refuse(checked.reason);
  const text = decodeExactly(read.bytes)?.text ?? '';
  const [line = ''] = text.split(/\r\n?|\n/, 1);
  const name = parseTranscriptLine(line);
  if (name === null) return refuse('its first line must be "$ cat post/NAME.md", which names the post');
  const rest = text.slice(line.length).replace(/^(?:\r\n?|\n)/, '');
  return { kind: 'transcript', name, bytes: Buffer.from(rest, 'utf8') };
}

type Made = { readonly kind: 'made' | 'taken' } | { readonly kind: 'failed'; readonly code: string };

async function make(file: string, bytes: Uint8Array): Promise<Made> {
  try {
    return { kind: (await createFile(file, bytes)) ? 'made' : 'taken' };
  } catch (error) {
    return { kind: 'failed', code: errorCode(error) };
  }
}

function refuse(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}
