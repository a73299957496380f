/** The text part of a digest: equal in content to its HTML and made for reading, with the haiku set in and each post's links below it. */
import { renderText, wrapText } from '../text.ts';
import type { CorrectionView, DigestView, PostView, VerseView } from './digest-view.ts';

const INDENT = '    ';
const RULE = '-'.repeat(24);

export function renderDigestText(view: DigestView): string {
  const { publication, number, verses, posts } = view;
  const parts = [
    `${publication.title} · No. ${number}`,
    view.corrections.map(renderCorrection).join('\n\n'),
    verses.map(renderVerse).join('\n\n'),
    ...posts.map(renderPost),
    renderMore(view),
    renderFooter(view),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n\n')}\n`;
}

function renderCorrection({ title, url, words }: CorrectionView): string {
  return `${wrapText(`Correction to “${title}”: ${words}`)}\n${url}`;
}

function renderVerse({ lines }: Pick<VerseView, 'lines'>): string {
  return lines.map((line) => INDENT + line).join('\n');
}

function renderPost(post: PostView): string {
  const head = [post.title === '' ? '' : wrapText(post.title), post.date, post.url]
    .filter((line) => line !== '')
    .join('\n');
  const body = post.html === '' ? wrapText(post.summary) : renderText(post.html);
  const verse = post.haiku.length > 0 ? renderVerse({ lines: post.haiku }) : '';
  return [RULE, verse, head, body].filter((part) => part !== '').join('\n\n');
}

function renderMore({ more }: DigestView): string {
  return more.count > 0 ? `${RULE}\n\nand ${more.count} more:\n${more.url}` : '';
}

function renderFooter({
  publication,
  archiveUrl,
  unsubscribeUrl,
  preferencesUrl,
  postalAddress,
}: DigestView): string {
  const why = wrapText(`You get this because you subscribed to ${publication.title}.`);
  // "-- " alone opens a signature, which mail programs set apart (RFC 3676 §4.3).
  return [
    '-- ',
    why,
    `In your browser: ${archiveUrl}`,
    `All posts: ${publication.url}`,
    'Change what you get:',
    preferencesUrl,
    'Unsubscribe:',
    unsubscribeUrl,
    ...spaced(postalAddress),
  ].join('\n');
}

function spaced(lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ['', ...lines] : [];
}
