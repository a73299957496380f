/** A notice as documents: subject, HTML and text, the same bytes for the same texts, with a slot where its link's token goes. */
import type { RenderedDigest } from '../../domain/digest.ts';
import { SLOTS } from '../../domain/message.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Publication } from '../../domain/publication.ts';
import type { Texts } from '../../domain/texts.ts';
import { cleanLine } from '../clean-text.ts';
import { withoutSlots } from '../digest/compose-view.ts';
import type { MailPress } from '../digest/render-digest.ts';
import { wrapText } from '../text.ts';

export type NoticeInput = {
  readonly kind: NoticeKind;
  readonly publication: Publication;
  readonly texts: Texts;
  /** What the token is added to: absolute, ends in `/`. */
  readonly linkBase: string;
  /** `NewNotice.detail`. */
  readonly detail: string;
};

export type RenderedNotice = Pick<RenderedDigest, 'subject' | 'html' | 'text'>;

/** What a notice's template sees: all of it plain text. */
export type NoticeView = {
  readonly language: string;
  readonly publication: { readonly title: string; readonly url: string };
  readonly subject: string;
  readonly text: string;
  readonly button: { readonly label: string; readonly url: string };
  readonly ignore: string;
  readonly postalAddress: readonly string[];
};

/** The template's name among the templates. */
export function noticeTemplate(kind: NoticeKind): string {
  return `${kind}.mjml`;
}

/** `press` prints a template as HTML. Throws OperatorError for a broken template, and for one that lost its link. */
export async function renderNotice(press: MailPress, input: NoticeInput): Promise<RenderedNotice> {
  const view = composeNoticeView(input);
  const html = await press(noticeTemplate(input.kind), view);
  if (html.split(SLOTS.token).length !== 2) {
    throw new OperatorError(
      `templates/${noticeTemplate(input.kind)} must have {{ button.url }} once.`,
      'Put one link to it into the template, or remove the file to use the one Renga brings.',
    );
  }
  return { subject: view.subject, html, text: renderNoticeText(view) };
}

function composeNoticeView({ kind, publication, texts, linkBase, detail }: NoticeInput): NoticeView {
  const title = cleanLine(publication.title);
  const values = { publication: title, address: detail };
  const plain = {
    language: texts.language,
    publication: { title, url: publication.url },
    subject: texts.say(`notice.${kind}.subject`, values),
    text: texts.say(`notice.${kind}.text`, values),
    ignore: texts.say(`notice.${kind}.ignore`),
    postalAddress: (publication.postalAddress ?? '')
      .split('\n')
      .map(cleanLine)
      .filter((line) => line !== ''),
  };
  const label = texts.say(`notice.${kind}.button`);
  return { ...withoutSlots(plain), button: { label, url: linkBase + SLOTS.token } };
}

function renderNoticeText({ publication, text, button, ignore, postalAddress }: NoticeView): string {
  // RFC 3676 §4.3: "-- " alone opens a signature.
  const foot = ['-- ', publication.title, publication.url, ...postalAddress].join('\n');
  return `${[wrapText(text), button.url, wrapText(ignore), foot].join('\n\n')}\n`;
}
