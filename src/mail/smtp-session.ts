/** Opens a session with a mail server: TCP, greeting, EHLO, TLS, login; with the rules for what may go in clear. */
import type { Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { NodemailerError } from 'nodemailer/lib/errors';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ConnectResult } from '../domain/transport.ts';
import { explainFailure, type Failure } from './connect-failure.ts';
import { isLoopbackAddress, type SmtpServer } from './parse-smtp-url.ts';
import { type Extensions, parseExtensions } from './smtp-extensions.ts';

/** Milliseconds. After RFC 5321 §4.5.3.2, shorter where only we wait. */
export type Timeouts = {
  /** DNS, TCP and TLS together. */
  readonly connect: number;
  readonly greeting: number;
  /** Silence of the server at any other point before the dot. */
  readonly command: number;
  /** From the final dot to its answer: §4.5.3.2.6 asks for ten minutes. */
  readonly finalReply: number;
};

export const TIMEOUTS: Timeouts = {
  connect: 120_000,
  greeting: 120_000,
  command: 300_000,
  finalReply: 600_000,
};

export type Session = { readonly connection: SMTPConnection; readonly extensions: Extensions };

export type SessionOptions = {
  readonly server: SmtpServer;
  readonly timeouts: Timeouts;
  /** What we call ourselves in EHLO, or undefined for this machine's name. */
  readonly name: string | undefined;
  /** Certificates (PEM) of authorities to trust beside those Node trusts. */
  readonly authorities: readonly string[];
};

type SessionResult =
  | { readonly kind: 'open'; readonly session: Session }
  | Exclude<ConnectResult, { kind: 'connected' }>;

/** Never throws: a server that cannot be reached or refuses us is a value. */
export async function openSession(options: SessionOptions): Promise<SessionResult> {
  const connection = composeConnection(options);
  // Stays for as long as the connection does: an 'error' nobody listens for would end the program.
  connection.on('error', () => undefined);
  const failure = (await connect(connection)) ?? refuseClear(connection, options.server);
  if (failure) return giveUp(connection, failure);
  // The answer to EHLO is the last reply there is before the login.
  const extensions = parseExtensions(String(connection.lastServerResponse));
  const refusal = await logIn(connection, options.server, extensions);
  return refusal ? giveUp(connection, refusal) : { kind: 'open', session: { connection, extensions } };
}

function composeConnection({ server, timeouts, name, authorities }: SessionOptions): SMTPConnection {
  return new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.isImplicitTls,
    // RFC 3207 §6: a man in the middle can strip the offer, so without TLS there is no session; on loopback it guards nothing.
    requireTLS: !server.isImplicitTls && !server.isLoopback,
    ignoreTLS: !server.isImplicitTls && server.isLoopback,
    name,
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.command,
    socketCloseTimeout: 0,
    tls: authorities.length > 0 ? { ca: [...getCACertificates('default'), ...authorities] } : {},
  });
}

/** One step of a session: its callback, or the end of the connection, which calls no callback. */
function takeStep(
  connection: SMTPConnection,
  step: (done: (error?: NodemailerError | null) => void) => void,
): Promise<Failure | null> {
  const { promise, resolve } = Promise.withResolvers<Failure | null>();
  const onError = (error: NodemailerError): void => resolve(error);
  const onEnd = (): void => resolve(new Error('The server closed the connection'));
  connection.once('error', onError);
  connection.once('end', onEnd);
  step((error) => resolve(error ?? null));
  return promise.finally(() => {
    connection.off('error', onError);
    connection.off('end', onEnd);
  });
}

function connect(connection: SMTPConnection): Promise<Failure | null> {
  return takeStep(connection, (done) => connection.connect(done));
}

function refuseClear(connection: SMTPConnection, server: SmtpServer): Failure | null {
  const remote = socketOf(connection)?.remoteAddress ?? '';
  const isAllowed = connection.secure || (server.isLoopback && isLoopbackAddress(remote));
  return isAllowed ? null : { code: 'ETLS', message: `The connection to ${server.host} is not encrypted` };
}

async function logIn(
  connection: SMTPConnection,
  server: SmtpServer,
  extensions: Extensions,
): Promise<Failure | null> {
  const { login } = server;
  if (!login) return null;
  if (!extensions.has('AUTH')) return { code: 'EAUTH', message: 'The server offers no login' };
  const credentials = { user: login.user, pass: login.password };
  return takeStep(connection, (done) => connection.login({ ...credentials, credentials }, done));
}

function giveUp(connection: SMTPConnection, failure: Failure): Exclude<ConnectResult, { kind: 'connected' }> {
  connection.close();
  return explainFailure(failure);
}

/** RSET: true when the session is ready for another message. False, and closed, when it is not. */
export async function resetSession(connection: SMTPConnection): Promise<boolean> {
  // One that is gone would call nobody back.
  if (connection.destroyed) return false;
  const failure = await takeStep(connection, (done) => connection.reset(done));
  if (failure) connection.close();
  return failure === null && !connection.destroyed;
}

/** The socket of an open session: nodemailer calls it public in spite of its name. */
export function socketOf(connection: SMTPConnection): Socket | null {
  const { _socket: socket } = connection;
  return socket || null;
}
