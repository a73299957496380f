/**
 * The header of a notice. It is one person's mail, not a list's: no List-Unsubscribe (RFC 8058 is for what one is subscribed to) and no Precedence;
 * nothing in it was typed by a visitor but the address itself.
 */
import type { Mailbox } from '../domain/address.ts';
import { composeLanguage, composeMailFields } from './compose-head.ts';

export type NoticeHead = {
  readonly from: Mailbox;
  readonly replyTo: Mailbox | null;
  readonly subject: string;
  /** What the token is added to in the documents. */
  readonly linkBase: string;
  readonly language: string;
  readonly boundarySeed: string;
};

/** Without the fields that describe the body; each line ends in CRLF. */
export function composeNoticeHead(head: NoticeHead): string {
  const fields = [
    ...composeMailFields(head),
    // RFC 3834 §5: an answering machine must leave this alone; the next says so to those that do not know it.
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: OOF, AutoReply',
    ...composeLanguage(head.language),
    'MIME-Version: 1.0',
  ];
  return fields.map((field) => `${field}\r\n`).join('');
}
