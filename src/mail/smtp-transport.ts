/** The transport over SMTP: sessions with one mail server, kept open and used again. TLS everywhere but to this machine. */
import type { Outcome } from '../domain/delivery.ts';
import type { Message } from '../domain/message.ts';
import type { Connection, Transport } from '../domain/transport.ts';
import { handOver } from './hand-over.ts';
import { openMask } from './mask-secrets.ts';
import { parseSmtpUrl } from './parse-smtp-url.ts';
import { openSession, type Session, type SessionOptions, TIMEOUTS, type Timeouts } from './smtp-session.ts';

export type SmtpTransportOptions = {
  /** `smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465` (TLS). */
  readonly url: string;
  /** How many connections may be open at once. */
  readonly connections: number;
  /** What we call ourselves in EHLO: a domain name. This machine's name by default. */
  readonly name?: string;
  /** Messages after which a connection is no longer usable: servers limit it. 100 by default. */
  readonly maxMessages?: number;
  /** Certificates (PEM) of authorities to trust beside those Node trusts. */
  readonly authorities?: readonly string[];
  readonly timeouts?: Partial<Timeouts>;
};

const MAX_MESSAGES = 100;
/** How long a server may take to say goodbye, in milliseconds. */
const QUIT_TIMEOUT = 5_000;

/** Throws OperatorError for a URL that cannot be used; opens nothing yet. */
export function createSmtpTransport(options: SmtpTransportOptions): Transport {
  const server = parseSmtpUrl(options.url);
  const mask = openMask(server.login);
  const sessionOptions: SessionOptions = {
    server,
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    name: isDomainName(options.name) ? options.name : undefined,
    authorities: options.authorities ?? [],
  };
  return {
    connections: options.connections,
    connect: async () => {
      const result = await openSession(sessionOptions);
      if (result.kind !== 'open') return { ...result, reply: mask(result.reply) };
      const limits = { maxMessages: options.maxMessages ?? MAX_MESSAGES, timeouts: sessionOptions.timeouts };
      return { kind: 'connected', connection: openConnection(result.session, limits, mask) };
    },
    close: () => Promise.resolve(),
  };
}

function openConnection(
  session: Session,
  limits: { readonly maxMessages: number; readonly timeouts: Timeouts },
  mask: (text: string) => string,
): Connection {
  const { connection } = session;
  let messages = 0;
  let isBusy = false;
  const isUsable = (): boolean => !connection.destroyed && messages < limits.maxMessages;
  return {
    get usable() {
      return isUsable();
    },
    handOver: async (message: Message, mark: () => Promise<boolean>): Promise<Outcome> => {
      if (isBusy || !isUsable()) return { kind: 'deferred', reply: 'The connection was closed' };
      isBusy = true;
      messages += 1;
      const outcome = await handOver(session, message, mark, limits.timeouts);
      isBusy = false;
      return { ...outcome, reply: mask(outcome.reply) };
    },
    close: () => (isBusy ? abandon(session) : quit(session)),
  };
}

async function abandon({ connection }: Session): Promise<void> {
  connection.close();
}

/** QUIT, and its answer or the connection's end, whichever comes first. */
async function quit({ connection }: Session): Promise<void> {
  if (connection.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, QUIT_TIMEOUT);
  connection.once('end', resolve);
  connection.quit();
  await promise;
  clearTimeout(timer);
  connection.close();
}

/** RFC 5321 §4.1.1.1: EHLO is followed by a domain name. */
function isDomainName(name: string | undefined): boolean {
  return /^(?=.{1,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+[a-z][a-z0-9-]*$/i.test(name ?? '');
}
