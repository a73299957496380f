/** Reads the inbox for people to look at. Whatever lies in the folder: a file that is no mail is shown as well as it can be, or passed over. */
import { lstat, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';

export type InboxEntry = {
  /** Names the message in `readInboxMail`; safe in a URL. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** The message's own Date, or null. */
  readonly date: Temporal.Instant | null;
  /** Bytes. */
  readonly size: number;
};

export type InboxMail = {
  /** As they came, unfolded, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As the sender wrote it: to be shown in a sandbox only. */
  readonly html: string | null;
  readonly text: string | null;
  /** The whole file; bytes that are not UTF-8 shown as U+FFFD. */
  readonly source: string;
};

type HeaderLines = readonly { readonly key: string; readonly line: string }[];

/** File name without `.eml`: no separator, no leading dot. */
const ID = /^(?!\.)[A-Za-z0-9._-]{1,120}$/;
const HEADER_BYTES = 64 * 1024;
const MAIL_BYTES = 40 * 1024 * 1024;

/** Newest first, at most `limit`. Empty for a folder that is not there. */
export async function listInbox(
  folder: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly InboxEntry[]> {
  const entries: InboxEntry[] = [];
  for (const id of await listIds(folder)) {
    if (entries.length >= limit) break;
    const entry = await readEntry(folder, id);
    if (entry) entries.push(entry);
  }
  return entries;
}

/** One message, or null when there is none by that id (or it cannot be read). */
export async function readInboxMail(folder: string, id: string): Promise<InboxMail | null> {
  const bytes = ID.test(id) ? await readWhole(join(folder, `${id}.eml`)) : null;
  if (!bytes) return null;
  const mail = await parse(bytes);
  return {
    headers: (mail?.headerLines ?? []).map(({ line }) => splitField(line)),
    html: mail?.html || null,
    text: mail?.text ?? null,
    source: bytes.toString(),
  };
}

async function listIds(folder: string): Promise<readonly string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => file.endsWith('.eml'))
      .map((file) => file.slice(0, -'.eml'.length))
      .filter((id) => ID.test(id))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

async function readEntry(folder: string, id: string): Promise<InboxEntry | null> {
  const start = await readStart(join(folder, `${id}.eml`));
  if (!start) return null;
  const mail = await parse(start.head);
  const to = [mail?.to ?? []].flat().map((list) => list.text);
  return {
    id,
    from: mail?.from?.text ?? '',
    to: to.join(', '),
    subject: mail?.subject ?? '',
    date: mail ? parseDate(mail.headerLines) : null,
    size: start.size,
  };
}

/** The header, and the size of the whole. Null for what is no readable file. */
async function readStart(file: string): Promise<{ readonly head: Buffer; readonly size: number } | null> {
  try {
    // Looked at before it is opened: opening a pipe would wait for ever, and a link leads out of the inbox.
    const status = await lstat(file);
    if (!status.isFile()) return null;
    const { size } = status;
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      const end = buffer.indexOf('\r\n\r\n');
      return { head: buffer.subarray(0, end < 0 ? bytesRead : end + 2), size };
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

async function readWhole(file: string): Promise<Buffer | null> {
  const start = await readStart(file);
  if (!start || start.size > MAIL_BYTES) return null;
  return readFile(file).catch(() => null);
}

/** Not the parser's own date: it takes the present for one it cannot read. */
function parseDate(headerLines: HeaderLines): Temporal.Instant | null {
  const line = headerLines.find(({ key }) => key === 'date')?.line ?? '';
  const milliseconds = Date.parse(splitField(line)[1]);
  return Number.isNaN(milliseconds) ? null : Temporal.Instant.fromEpochMilliseconds(milliseconds);
}

/** Null for bytes the parser gives up on. */
async function parse(bytes: Buffer): Promise<Awaited<ReturnType<typeof simpleParser>> | null> {
  try {
    return await simpleParser(bytes, {
      skipTextToHtml: true,
      skipHtmlToText: true,
      skipImageLinks: true,
      skipTextLinks: true,
    });
  } catch {
    return null;
  }
}

function splitField(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  const value = line.slice(colon + 1).replace(/\r?\n(?=[ \t])/g, '');
  return [line.slice(0, colon), value.trim()];
}
