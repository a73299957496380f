/**
 * The journal as a file of JSON lines, only ever added to. What `append` resolved for is on the disk. A line that was torn by a power cut is passed
 * over: nothing that depended on it was sent.
 */
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Journal, JournalDigest, JournalLine } from '../domain/journal.ts';
import { OperatorError } from '../domain/operator-error.ts';
import { syncFolder } from './sync-file.ts';

const LINE_FEED = 10;

/** `file`: absolute. Made with the first line; nothing is opened before. */
export function openJournal(file: string, options: { readonly isOneOfMany: boolean }): Journal {
  return {
    place: file,
    isOneOfMany: options.isOneOfMany,
    read: async () => parseJournal(await readText(file), file),
    append: async (lines) => {
      if (lines.length === 0) return;
      try {
        await appendText(file, lines.map((line) => `${renderLine(line)}\n`).join(''));
      } catch (error) {
        throw explain(error, file, 'written');
      }
    },
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw explain(error, file, 'read');
  }
}

async function appendText(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    // A torn line is closed off, so that it takes no other with it.
    const isTorn = size > 0 && buffer[0] !== LINE_FEED;
    await handle.appendFile(isTorn ? `\n${text}` : text);
    await handle.sync();
    if (size === 0) syncFolder(dirname(file));
  } finally {
    await handle.close();
  }
}

function parseJournal(text: string, file: string): readonly JournalLine[] {
  const written = text.split('\n');
  // After the last line feed comes nothing, or a torn line.
  const whole = written.slice(0, -1).filter((line) => line !== '');
  const lines = whole.flatMap((line) => parseLine(line) ?? []);
  if (lines.length === 0 && whole.length > 0) {
    throw new OperatorError(
      `${file} is not a journal of renga, or is damaged`,
      'Put the right one back, name another file as `journal` in config/renga.yaml, or move it away and say `renga recover`.',
    );
  }
  return lines;
}

function renderLine({ at, digest, ...line }: JournalLine): string {
  return JSON.stringify({ at, ...line, ...(digest ? { digest } : {}) });
}

type Written = Omit<JournalLine, 'at' | 'digest'> & {
  readonly at: string;
  readonly digest?: Omit<JournalDigest, 'frozenAt'> & { readonly frozenAt: string };
};

/** Null for one that is torn. */
function parseLine(line: string): JournalLine | null {
  try {
    const { at, digest, ...rest } = JSON.parse(line) as Written;
    if (typeof rest.instance !== 'string' || !Number.isSafeInteger(rest.epoch)) return null;
    return {
      ...rest,
      at: Temporal.Instant.from(at),
      ...(digest ? { digest: { ...digest, frozenAt: Temporal.Instant.from(digest.frozenAt) } } : {}),
    };
  } catch {
    return null;
  }
}

function explain(error: unknown, file: string, verb: 'read' | 'written'): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new OperatorError(
    `the journal ${file} cannot be ${verb} (${code})`,
    'Nothing is sent without it. Let renga write there, or name another place as `journal` in config/renga.yaml: see docs/recovery.md.',
    { cause: error },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
