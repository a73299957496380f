/**
 * Bytes of a list → text, as a stream: UTF-8 and UTF-16 by their byte order mark or by their zeros; where a line is not UTF-8 it is Windows-1252, of which
 * Latin-1 is a part. What is no text at all is refused before anything of it is read.
 */
import { isUtf8 } from 'node:buffer';
import { OperatorError } from '../../domain/operator-error.ts';

export type ListEncoding = 'UTF-8' | 'UTF-16 LE' | 'UTF-16 BE' | 'Windows-1252';

/** `tell` hears the encoding with the first bytes, and again when a later line turns out to be Windows-1252. */
export async function* decodeList(
  chunks: AsyncIterable<Uint8Array>,
  tell: (encoding: ListEncoding) => void = () => undefined,
): AsyncGenerator<string> {
  let decoder: Decoder | null = null;
  for await (const chunk of joinHead(chunks)) {
    decoder ??= openDecoder(chunk, tell);
    yield decoder.decode(chunk);
  }
  if (decoder !== null) yield decoder.finish();
}

const HEAD_BYTES = 4096;

/** The first chunk as long as it takes to tell what it is. */
async function* joinHead(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array();
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    yield head;
    head = null;
  }
  if (head !== null && head.length > 0) yield head;
}

type Decoder = {
  readonly decode: (chunk: Uint8Array) => string;
  readonly finish: () => string;
};

function openDecoder(head: Uint8Array, tell: (encoding: ListEncoding) => void): Decoder {
  refuseBinary(head);
  const wide = findWide(head);
  if (wide === null) return openByteDecoder(tell);
  tell(wide);
  const decoder = new TextDecoder(wide === 'UTF-16 LE' ? 'utf-16le' : 'utf-16be');
  return {
    decode: (chunk) => decoder.decode(chunk, { stream: true }),
    finish: () => decoder.decode(),
  };
}

/** Magic numbers of what people have instead of the file in it. */
const ARCHIVES: readonly (readonly [magic: string, what: string])[] = [
  ['504b0304', 'a ZIP archive or a spreadsheet (.xlsx)'],
  ['1f8b', 'a compressed file (gzip)'],
  ['d0cf11e0', 'an old spreadsheet (.xls)'],
  ['25504446', 'a PDF'],
];

function refuseBinary(head: Uint8Array): void {
  const start = Buffer.from(head.subarray(0, 8)).toString('hex');
  const archive = ARCHIVES.find(([magic]) => start.startsWith(magic));
  if (archive !== undefined) {
    throw new OperatorError(
      `line 1: this is ${archive[1]}, not a list`,
      'Unpack it first, or save the sheet as CSV, and import that file.',
    );
  }
  if (findWide(head) === null && head.subarray(0, HEAD_BYTES).includes(0)) {
    const line = Buffer.from(head.subarray(0, head.indexOf(0)))
      .toString('latin1')
      .split('\n').length;
    throw new OperatorError(
      `line ${line} has a zero byte: this is no text file`,
      'Export the list as CSV, and import that file.',
    );
  }
}

/** By the mark, or, without one, by the zeros that ASCII has in UTF-16: every second byte of most lists. */
function findWide(head: Uint8Array): 'UTF-16 LE' | 'UTF-16 BE' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'UTF-16 LE';
  if (head[0] === 0xfe && head[1] === 0xff) return 'UTF-16 BE';
  const sample = head.subarray(0, HEAD_BYTES);
  const zerosAt = (parity: 0 | 1): number =>
    sample.reduce((sum, byte, index) => sum + (byte === 0 && index % 2 === parity ? 1 : 0), 0);
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  const most = sample.length * 0.35;
  if (odd > most && even === 0) return 'UTF-16 LE';
  return even > most && odd === 0 ? 'UTF-16 BE' : null;
}

/** What is kept back for its line's end; a line that is longer is cut, and refused for its length later. */
const MOST_KEPT_BYTES = 4_000_000;
const LINE_FEED = 0x0a;

/** Line by line, for one that was pasted in from elsewhere may differ from its neighbours. */
function openByteDecoder(tell: (encoding: ListEncoding) => void): Decoder {
  const narrow = new TextDecoder('windows-1252');
  let told: ListEncoding | null = null;
  let rest: Uint8Array[] = [];
  let kept = 0;
  let isFirst = true;
  const say = (encoding: ListEncoding): void => {
    if (told === encoding || told === 'Windows-1252') return;
    told = encoding;
    tell(encoding);
  };
  const decodeWhole = (bytes: Uint8Array): string => {
    const isMarked = isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    isFirst = false;
    const text = isMarked ? bytes.subarray(3) : bytes;
    if (isUtf8(text)) {
      say('UTF-8');
      return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8');
    }
    say('Windows-1252');
    return splitAfterLines(text)
      .map((line) => (isUtf8(line) ? Buffer.from(line).toString('utf8') : narrow.decode(line)))
      .join('');
  };
  const flush = (): string => {
    const whole = rest.length === 1 && rest[0] ? rest[0] : Buffer.concat(rest);
    rest = [];
    kept = 0;
    return whole.length === 0 ? '' : decodeWhole(whole);
  };
  return {
    decode: (chunk) => {
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) rest.push(chunk.subarray(0, end));
      const text = end > 0 || kept > MOST_KEPT_BYTES ? flush() : '';
      // A copy: whoever reads the file may read the next piece into the same memory.
      if (end < chunk.length) rest.push(new Uint8Array(chunk.subarray(end)));
      kept += chunk.length - end;
      return text;
    },
    finish: flush,
  };
}

function splitAfterLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}
