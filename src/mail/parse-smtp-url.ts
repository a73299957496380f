/** The address of an SMTP server, parsed from one URL that may hold a password: no error made here repeats it. */
import { domainToASCII } from 'node:url';
import { OperatorError } from '../domain/operator-error.ts';

export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`). */
  readonly isImplicitTls: boolean;
  /** The server is this machine: mail and passwords may go in clear. */
  readonly isLoopback: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
};

const HINT =
  'Write smtp://user:password@host:587, or smtps://user:password@host:465; percent-encode @ : / in user and password.';

/** `smtp://` (STARTTLS, port 587) or `smtps://` (TLS, port 465) → server. Throws OperatorError for anything else. */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.parse(text);
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol))
    return refuse('it does not begin with smtp:// or smtps://');
  if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname)) {
    return refuse('something follows the host and port, and there are no options there');
  }
  const host = parseHost(url.hostname);
  const isImplicitTls = url.protocol === 'smtps:';
  return {
    host,
    port: Number(url.port) || (isImplicitTls ? 465 : 587),
    isImplicitTls,
    isLoopback: host === 'localhost' || isLoopbackAddress(host),
    login: parseLogin(url),
  };
}

/** 127.0.0.0/8 and ::1, also as IPv6 spells an IPv4 address. */
export function isLoopbackAddress(address: string): boolean {
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/i.test(address);
}

function parseHost(hostname: string): string {
  const bracketed = /^\[([0-9a-f:.]+)\]$/i.exec(hostname)?.[1];
  const host = bracketed ?? domainToASCII(decode(hostname));
  return host === '' ? refuse('its host is not a name or an address') : host;
}

function parseLogin(url: URL): SmtpServer['login'] {
  if (url.username === '' && url.password === '') return null;
  if (url.username === '' || url.password === '') return refuse('it has only one of user and password');
  return { user: decode(url.username), password: decode(url.password) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('it has a percent sign that encodes nothing');
  }
}

function refuse(reason: string): never {
  throw new OperatorError(`smtp.url cannot be used: ${reason}`, HINT);
}
