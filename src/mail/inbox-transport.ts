/**
 * The inbox: an SMTP server on a free port of this machine that keeps what it is given, and the transport that speaks to it. The same SMTP, the same
 * ledger, the same doubts as with a server in the world; only nothing ever leaves the machine.
 */
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { OperatorError } from '../domain/operator-error.ts';
import type { Transport } from '../domain/transport.ts';
import { type MailKeeper, openMailKeeper } from './keep-mail.ts';
import { createSmtpTransport } from './smtp-transport.ts';

/** Largest message, in bytes. */
const SIZE_LIMIT = 30 * 1024 * 1024;

/** Starts the server; `close` stops it. Throws OperatorError when the folder cannot be made. */
export async function createInboxTransport(options: {
  readonly folder: string;
  readonly connections: number;
}): Promise<Transport> {
  await makeFolder(options.folder);
  const server = openServer(openMailKeeper(options.folder));
  const port = await listen(server);
  const transport = createSmtpTransport({
    url: `smtp://127.0.0.1:${port}`,
    connections: options.connections,
    name: 'renga.localhost',
  });
  let closing: Promise<void> | undefined;
  return {
    ...transport,
    close: () => (closing ??= new Promise((resolve) => server.close(() => resolve()))),
  };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new OperatorError(
      `The inbox folder ${folder} cannot be made`,
      'Make the folder above it writable, or choose another.',
      { cause: error },
    );
  }
}

function openServer(keeper: MailKeeper): SMTPServer {
  const server = new SMTPServer({
    name: 'inbox.localhost',
    banner: 'Renga inbox',
    size: SIZE_LIMIT,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    // A claim may be waited for between two messages; the client has its own limits.
    socketTimeout: 600_000,
    closeTimeout: 1_000,
    logger: false,
    onData: (stream, session, done) => receiveCallingBack(keeper, stream, session, done),
  });
  // A connection that breaks is the client's to notice.
  server.on('error', () => undefined);
  return server;
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
  });
}

/** Resolves to the words after 250: the message is on disk then. Rejects with an error that carries the SMTP code. */
async function receive(
  keeper: MailKeeper,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<string> {
  const { mailFrom, rcptTo } = session.envelope;
  const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
  let result: 'kept' | 'refused';
  try {
    result = await keeper.keep(envelope, stream, () => stream.sizeExceeded);
  } catch (error) {
    // The rest of the message must be read before the client hears anything.
    stream.resume();
    throw answer(452, '4.3.1 The inbox cannot keep it at present', error);
  }
  if (result === 'refused') throw answer(552, '5.3.4 The message is too large for the inbox');
  return 'OK: kept in the inbox';
}

const receiveCallingBack = callbackify(receive);

function answer(responseCode: number, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { responseCode });
}
