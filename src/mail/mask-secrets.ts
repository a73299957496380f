/** Keeps the password out of whatever is recorded or shown, also where a server repeats what we sent it. */
import type { SmtpServer } from './parse-smtp-url.ts';
import { cleanReply } from './smtp-reply.ts';

const REPLY_LENGTH = 500;

/** A function that blots out every form in which the login crosses the wire, and then cuts the text to what may be recorded. */
export function openMask(login: SmtpServer['login']): (text: string) => string {
  const secrets = login ? listSecrets(login.user, login.password) : [];
  return (text) =>
    secrets
      .reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
      .slice(0, REPLY_LENGTH)
      .toWellFormed();
}

/** Longest first: one may be part of another. */
function listSecrets(user: string, password: string): readonly string[] {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return [
    base64(`\0${user}\0${password}`),
    base64(password),
    encodeURIComponent(password),
    password,
    cleanReply(password),
  ]
    .filter((secret) => secret !== '')
    .toSorted((one, other) => other.length - one.length);
}
