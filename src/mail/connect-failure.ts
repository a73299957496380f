/** Why a session could not be opened: something to try again later, or something about us that a person must put right. */
import type { ConnectResult } from '../domain/transport.ts';
import { cleanReply, replyCode } from './smtp-reply.ts';

/** What is known of a failure: nodemailer's errors have this shape. */
export type Failure = {
  readonly message: string;
  readonly code?: string | undefined;
  /** The system's or OpenSSL's own code, where nodemailer put another in its place. */
  readonly originalCode?: string | undefined;
  /** The server's words. */
  readonly response?: string | undefined;
  readonly timeoutType?: string | undefined;
};

type Unopened = Exclude<ConnectResult, { kind: 'connected' }>;

const HINTS = {
  certificate:
    'Check the host name in smtp.url against the server’s certificate; an authority of your own is trusted through NODE_EXTRA_CA_CERTS.',
  protocol: 'Check the port in smtp.url: smtps:// is usually 465, smtp:// 587.',
  tls: 'Use a server and port that offer TLS (587 or 465): without it nothing is sent except to this machine.',
  login: 'Check user and password in smtp.url.',
  refused: 'Ask the mail provider why this machine is refused.',
  notSmtp: 'Check host and port in smtp.url: what answers there is not a mail server.',
} as const;

/** Failure → result for whoever asked for a connection. */
export function explainFailure(failure: Failure): Unopened {
  const reply = cleanReply(failure.response ?? failure.message);
  const hint = findHint(failure);
  return hint === null ? { kind: 'unreachable', reply } : { kind: 'refused-us', reply, hint };
}

function findHint(failure: Failure): string | null {
  const code = failure.response === undefined ? null : replyCode(failure.response);
  if (code !== null && code >= 400 && code < 500) return null;
  if (failure.code === 'EAUTH') return HINTS.login;
  const system = failure.originalCode ?? failure.code ?? '';
  if (/^ERR_SSL_|^EPROTO$/.test(system)) return HINTS.protocol;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE/.test(system)) {
    return HINTS.certificate;
  }
  return findReplyHint(failure, code);
}

function findReplyHint(failure: Failure, code: number | null): string | null {
  if (failure.code === 'ETLS') {
    // Without the server's words it is a handshake that broke off: the line, not the server's mind.
    return failure.response !== undefined || /not encrypted/.test(failure.message) ? HINTS.tls : null;
  }
  if (failure.response === undefined) return null;
  if (code === null) return HINTS.notSmtp;
  return /STARTTLS/.test(failure.message) ? HINTS.tls : HINTS.refused;
}
