/** What the abuses of this folder are tried on: the server on a socket with its feeds at the hatch, a real store, and a look at every row that a request could have changed. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { renderChangeSubject } from '../../src/domain/address-change.ts';
import { renderLinkToken } from '../../src/domain/link-token.ts';
import { renderPurposeToken } from '../../src/domain/purpose-token.ts';
import { openFeedHatch } from '../../src/http/feeds/feed-hatch.ts';
import { type RunningWeb, serveWeb } from '../../src/http/serve-web.ts';
import { addressOf, type ExampleWeb, NOW, openExampleWeb } from '../http/example-web.ts';
import { ENTRIES, exampleFeeds } from '../http/feeds/example-feeds.ts';

export type Target = {
  readonly web: ExampleWeb;
  readonly running: RunningWeb;
  /** The same app without the hatch before it: all is read by Node's parser. */
  readonly unhatched: RunningWeb;
  /** Every kind of personal link there is, as a path; each would work. */
  readonly links: Readonly<Record<LinkKind, string>>;
  /** Each table with its rows, as text. */
  readonly look: () => ReadonlyMap<string, readonly string[]>;
  readonly close: () => Promise<void>;
};

export const LINK_KINDS = ['unsubscribe', 'confirm', 'undo', 'preferences', 'move'] as const;
/** Those whose button needs nothing but a press. */
export const PRESSED_KINDS = ['unsubscribe', 'confirm', 'undo'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** Somebody is pending, somebody active, somebody left within the day, and somebody is about to change their address. */
export async function openTarget(...means: Parameters<typeof openExampleWeb>): Promise<Target> {
  const web = await openExampleWeb(...means);
  await web.write('rss.xml', exampleFeeds(ENTRIES).rss);
  await web.write('index.html', 'front');
  const limits = { headers: 10_000, request: 30_000, silence: 60_000, drain: 1000, connections: 4096 };
  const place = { host: '127.0.0.1', port: 0 };
  const answerPlain = openFeedHatch(web.feeds, '/', () => web.now.value);
  const running = await serveWeb({ fetch: web.app.fetch, answerPlain }, place, limits);
  const unhatched = await serveWeb({ fetch: web.app.fetch }, place, limits);
  // Asked for once, a feed is on the shelf, and so at the hatch.
  await (await fetch(`${running.url}rss.xml`)).text();
  return {
    web,
    running,
    unhatched,
    links: await openLinks(web),
    look: () => lookAtRows(join(web.root, 'renga.sqlite')),
    close: async () => {
      await Promise.all([running.close(), unhatched.close()]);
      await web.close();
    },
  };
}

async function openLinks({ store, token }: ExampleWeb): Promise<Readonly<Record<LinkKind, string>>> {
  const [key] = await store.linkKeys();
  await store.signUps.ask(
    {
      address: addressOf('pending@example.org'),
      name: '',
      series: null,
      tags: null,
      source: 'test',
      words: '',
      origin: null,
    },
    [],
    NOW,
  );
  await store.signUps.answer(10, NOW);
  const left = { address: addressOf('left@example.org'), name: '', series: null, source: 'test' };
  const [added] = await store.subscribers.add([{ ...left, state: 'active' }], NOW);
  await store.subscribers.leave(added!.subscriber.id, 'unsubscribe page', NOW);
  const chooser = { address: addressOf('chooser@example.org'), name: '', series: null, source: 'test' };
  const [chosen] = await store.subscribers.add([{ ...chooser, state: 'active' }], NOW);
  await store.addressChanges.ask(chosen!.subscriber.id, addressOf('other@example.org'), NOW);
  const subject = renderChangeSubject(1, 'old');
  return {
    preferences: `/preferences/${renderLinkToken(chosen!.subscriber.id, key!)}`,
    move: `/move/${renderPurposeToken('move', { subject, at: NOW }, key!)}`,
    unsubscribe: `/unsubscribe/${token}`,
    confirm: `/confirm/${renderPurposeToken('confirm', { subject: 1, at: NOW }, key!)}`,
    undo: `/undo/${renderPurposeToken('undo', { subject: added!.subscriber.id, at: NOW }, key!)}`,
  };
}

function lookAtRows(file: string): ReadonlyMap<string, readonly string[]> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database
      .prepare(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name",
      )
      .all() as unknown as readonly { readonly name: string }[];
    const rowsOf = (name: string): readonly string[] =>
      database
        .prepare(`select * from "${name}"`)
        .all()
        .map((row) =>
          JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
        )
        .toSorted();
    return new Map(tables.map(({ name }) => [name, rowsOf(name)]));
  } finally {
    database.close();
  }
}

/** The lines of a request, with a Host, and its body. */
export function composeRequest(first: string, lines: readonly string[] = [], body = ''): string {
  return [`${first} HTTP/1.1`, 'Host: mail.example.org', ...lines, '', body].join('\r\n');
}

export type RawAnswer = {
  readonly status: number;
  /** Lower-case names with their values, sorted, without Date: it is the only one that may differ. */
  readonly fields: readonly string[];
  readonly body: string;
};

/**
 * All that the server says to these bytes (latin1), each piece by itself as far as the system lets it, until it hangs up. Last comes a plain question, so that it does: if it is
 * answered, that answer is left out. `isHead`: none of the answers has a body.
 */
export async function exchange(
  port: number,
  pieces: string | readonly string[],
  { isHead = false } = {},
): Promise<readonly RawAnswer[]> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const said: Buffer[] = [];
  // A server that hangs up while we speak is an answer too.
  socket.on('error', () => undefined).on('data', (piece: Buffer) => said.push(piece));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const piece of [pieces].flat()) {
    socket.write(piece, 'latin1');
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  }
  socket.write(composeRequest(`${isHead ? 'HEAD' : 'GET'} /healthz`, ['Connection: close']));
  await closed;
  const answers = readAnswers(Buffer.concat(said).toString('latin1'), isHead);
  const last = answers.at(-1)?.fields ?? [];
  const isTheLast = last.includes('content-length: 2') && last.includes('connection: close');
  return isTheLast ? answers.slice(0, -1) : answers;
}

function readAnswers(text: string, isHead: boolean): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? Number.NaN);
    if (end < 0 || Number.isNaN(status)) throw new Error(`no answer: ${JSON.stringify(rest)}`);
    const fields = lines
      .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
      .filter((line) => !line.startsWith('date:'))
      .toSorted();
    const { body, length } = readBody(rest.slice(end + 4), status, fields, isHead);
    answers.push({ status, fields, body });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

function readBody(
  rest: string,
  status: number,
  fields: readonly string[],
  isHead: boolean,
): { readonly body: string; readonly length: number } {
  if (isHead || status < 200 || status === 204 || status === 304) return { body: '', length: 0 };
  if (fields.includes('transfer-encoding: chunked')) return readChunks(rest);
  const announced = fields.find((line) => line.startsWith('content-length: '));
  const length = announced === undefined ? rest.length : Number(announced.slice('content-length: '.length));
  return { body: rest.slice(0, length), length };
}

function readChunks(rest: string): { readonly body: string; readonly length: number } {
  let body = '';
  for (let at = 0; ; ) {
    const line = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (line < 0 || Number.isNaN(size)) throw new Error(`no chunk: ${JSON.stringify(rest.slice(at))}`);
    body += rest.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
    if (size === 0) return { body, length: at };
  }
}
