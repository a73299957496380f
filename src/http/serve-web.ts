/** A socket under the web app: bounded in time, so that no slow client holds it for ever, and closed without cutting anyone short. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { OperatorError } from '../domain/operator-error.ts';
import { answerInTurn } from './answer-in-turn.ts';
import { type AnswerPlain, openHatch } from './open-hatch.ts';
import { refuseTwoHosts } from './refuse-two-hosts.ts';
import type { WebEnv } from './web-env.ts';

/** What answers: the web app, and before it, for plain requests, what is in memory. */
export type Answering = Pick<Hono<WebEnv>, 'fetch'> & { readonly answerPlain?: AnswerPlain };

export type RunningWeb = {
  /** Where it can be opened on this machine; ends in `/`. */
  readonly url: string;
  readonly port: number;
  /** Takes no new connection, finishes what is in flight, closes the rest. Done after ten seconds whatever clients do. Safe to call twice. */
  readonly close: () => Promise<void>;
};

/** Times in milliseconds. */
export type WebLimits = {
  /** From connecting, or from the first byte of a request, to the end of its header. */
  readonly headers: number;
  /** To the end of its body. */
  readonly request: number;
  /** Without a byte either way. */
  readonly silence: number;
  /** For what is in flight when the server closes. */
  readonly drain: number;
  /** Open at once; one more is closed unanswered, so that a flood costs others a retry and never the program its memory. */
  readonly connections: number;
};

/** How long a connection is kept for the next request. */
const KEEP_ALIVE = 5000;

const LIMITS: WebLimits = {
  headers: 10_000,
  request: 30_000,
  silence: 60_000,
  drain: 10_000,
  connections: 4096,
};

/** Listens; port 0 takes a free one. Throws OperatorError for a port or host that cannot be had. */
export async function serveWeb(
  app: Answering,
  place: { readonly host: string; readonly port: number },
  limits: WebLimits = LIMITS,
): Promise<RunningWeb> {
  const server = createServerFor(app, place.host, limits);
  const close = prepareClose(server, limits.drain);
  server.listen(place.port, place.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, place);
  }
  // From here on an error is one connection that could not be accepted: its loss, and no reason to end the program.
  server.on('error', () => undefined);
  const { port } = server.address() as AddressInfo;
  return { url: composeUrl(place.host, port), port, close };
}

function createServerFor(app: Answering, hostname: string, limits: WebLimits): Server {
  const serverOptions = {
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: KEEP_ALIVE,
    connectionsCheckingInterval: Math.min(1000, limits.headers),
    maxHeaderSize: 16 * 1024,
  };
  const server = createAdaptorServer({ fetch: refuseTwoHosts(app.fetch), hostname, serverOptions }) as Server;
  answerInTurn(server);
  server.setTimeout(limits.silence);
  server.maxConnections = limits.connections;
  const { headers, silence } = limits;
  if (app.answerPlain) openHatch(server, app.answerPlain, { headers, idle: KEEP_ALIVE, silence });
  return server;
}

/** Follows connections from the start: `closeIdleConnections` passes over those that never asked anything (all of them on Node 24). */
function prepareClose(server: Server, drain: number): () => Promise<void> {
  // Also those whose requests never came to the parser.
  const silent = new Set<Socket>();
  let closing: Promise<void> | null = null;
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.prependListener('request', (request, response) => {
    silent.delete(request.socket);
    if (closing) response.shouldKeepAlive = false;
    // A connection kept alive is idle again only after this event has passed.
    response.once('close', () => closing && setImmediate(() => server.closeIdleConnections()));
  });

  const closeNow = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    // What was answered through the hatch is still on its way.
    for (const socket of silent) socket.destroySoon();
    const deadline = setTimeout(() => {
      server.closeAllConnections();
      for (const socket of silent) socket.destroy();
    }, drain);
    await closed;
    clearTimeout(deadline);
  };
  return () => (closing ??= closeNow());
}

function composeUrl(host: string, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  return `http://${isEverywhere ? 'localhost' : renderHost(host)}:${port}/`;
}

/** RFC 3986 §3.2.2: an IPv6 address stands in brackets. */
function renderHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

type Failure = { readonly reason: string; readonly hint: string };

const NO_SUCH_HOST: Failure = {
  reason: 'cannot be listened on: that host is no address of this machine',
  hint: 'Set server.host in config/renga.yaml to 127.0.0.1, or to an address this machine has.',
};

/** What is wrong with `HOST:PORT`, by the code of the error. */
const FAILURES: ReadonlyMap<string, Failure> = new Map([
  [
    'EADDRINUSE',
    {
      reason: 'is taken: another program listens there',
      hint: 'Stop that program, or choose another port with --port, or server.port in config/renga.yaml.',
    },
  ],
  [
    'EACCES',
    {
      reason: 'may not be listened on by this user',
      hint: 'Choose a port above 1023 with --port, and let a reverse proxy answer on 80 and 443.',
    },
  ],
  ['EADDRNOTAVAIL', NO_SUCH_HOST],
  ['ENOTFOUND', NO_SUCH_HOST],
  ['EAI_AGAIN', NO_SUCH_HOST],
]);

function explain(
  error: NodeJS.ErrnoException,
  place: { readonly host: string; readonly port: number },
): Error {
  const failure = FAILURES.get(error.code ?? '');
  if (!failure) return error;
  const where = `${renderHost(place.host)}:${place.port}`;
  return new OperatorError(`${where} ${failure.reason}.`, failure.hint, { cause: error });
}
