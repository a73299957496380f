/** Composes the header of a digest message: every field of the standards, in one order, with slots where subscribers differ. */
import type { Address, Mailbox } from '../domain/address.ts';
import { domainOf } from '../domain/address.ts';
import type { MessageHead } from '../domain/message.ts';
import { OperatorError } from '../domain/operator-error.ts';
import { cleanLine, renderField, renderPhrase, renderText } from './header-text.ts';
import { HEADER_SLOTS } from './slots.ts';

const SUBJECT_LENGTH = 78;
/** RFC 5322 §2.1.1: no line may exceed 998 octets, and a URL cannot be folded. */
const URL_LENGTH = 900;

/** The header without the fields that describe the body (MIME-Version, Content-Type); each line ends in CRLF. */
export function composeHead(head: MessageHead): string {
  const fields = [
    ...composeMailFields(head),
    ...composeListFields(head),
    // RFC 3834 §5: an answering machine must leave this alone; the next two say so to those that do not know it.
    'Auto-Submitted: auto-generated',
    'Precedence: bulk',
    'X-Auto-Response-Suppress: OOF, AutoReply',
    `Feedback-ID: ${keepOnly(head.feedbackId, /[\x21-\x7e]/g)}`,
    ...composeLanguage(head.language),
    'MIME-Version: 1.0',
  ];
  return fields.map((field) => `${field}\r\n`).join('');
}

/** What every mail has, whoever it is for (RFC 5322 §3.6). */
export function composeMailFields(
  head: Pick<MessageHead, 'from' | 'replyTo' | 'subject'>,
): readonly string[] {
  return [
    renderField('From', renderMailbox(head.from)),
    ...(head.replyTo ? [renderField('Reply-To', renderMailbox(head.replyTo))] : []),
    `To: ${HEADER_SLOTS.to}`,
    renderField('Subject', renderText(cleanLine(head.subject, SUBJECT_LENGTH))),
    `Date: ${HEADER_SLOTS.date}`,
    `Message-ID: <${HEADER_SLOTS.messageId}>`,
  ];
}

function composeListFields(head: MessageHead): readonly string[] {
  return [
    // RFC 2919 §3: a phrase and a dot-atom in angle brackets.
    renderField('List-Id', [
      ...renderPhrase(head.listId.title),
      `<${keepOnly(head.listId.identifier, /[A-Za-z0-9.-]/g)}>`,
    ]),
    // RFC 2369 §2: one field; RFC 8058 §3.1: with an HTTPS URI (a loopback trial has http), which comes first.
    `List-Unsubscribe: ${renderUrl(head.unsubscribeUrl, HEADER_SLOTS.token)},\r\n ${renderUnsubscribeMail(head.unsubscribeAddress)}`,
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    `List-Archive: ${renderUrl(head.archiveUrl)}`,
    `List-Help: ${renderUrl(head.helpUrl)}`,
    `List-Owner: <mailto:${encodeMailto(head.ownerAddress)}>`,
    // RFC 2369 §3.4: the literal NO.
    'List-Post: NO',
  ];
}

/** Mailbox → tokens: the name as a phrase and the address in angle brackets, or the address alone. */
export function renderMailbox({ name, address }: Mailbox): readonly string[] {
  const phrase = renderPhrase(name);
  return phrase.length > 0 ? [...phrase, `<${address}>`] : [address];
}

function renderUrl(url: string, suffix = ''): string {
  // The URL standard's serialisation has no white space, control or angle bracket left.
  const { href } = new URL(url);
  if (href.length > URL_LENGTH) {
    throw new OperatorError(
      `An address in the message's header is longer than ${URL_LENGTH} characters: ${href.slice(0, 60)}…`,
      'Shorten publication.url or server.url in the config.',
    );
  }
  return `<${href}${suffix}>`;
}

function renderUnsubscribeMail(address: Address): string {
  return `<mailto:${encodeMailto(address)}?subject=unsubscribe%20${HEADER_SLOTS.token}>`;
}

/** RFC 6068 §2: what is special in a URI is percent-encoded. */
function encodeMailto(address: Address): string {
  const local = address.slice(0, address.lastIndexOf('@'));
  return `${encodeURIComponent(local)}@${domainOf(address)}`;
}

/** RFC 3282: a language tag; none rather than a wrong one. */
export function composeLanguage(language: string): readonly string[] {
  return /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/.test(language) ? [`Content-Language: ${language}`] : [];
}

function keepOnly(text: string, allowed: RegExp): string {
  return (text.match(allowed) ?? []).slice(0, 200).join('');
}
