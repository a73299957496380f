/**
 * A frozen digest as a page of its archive: the HTML that its mails carry, whatever template made it, with nothing of a subscriber in it. Pure. The way
 * out of the list becomes the way in, and what only concerns those who got it as a mail (class `mail-only`) is not shown.
 */
import { SLOTS } from '../../domain/message.ts';
import { escapeHtml } from '../html-pieces.ts';

export type DigestPage = {
  /** As frozen. */
  readonly html: string;
  readonly publication: { readonly title: string; readonly url: string };
  /** This page's own. */
  readonly url: string;
  readonly archiveUrl: string;
  readonly subscribeUrl: string;
};

/** Colours as in the digest that Renga brings; a template of one's own may set `.renga-top`. */
const STYLE = `<style>
.mail-only { display: none !important; }
.renga-top { max-width: 536px; margin: 0 auto; padding: 20px 32px 0; font: 14px/1.6 -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif; }
.renga-top a { margin-right: 20px; color: #a3341d; }
@media (prefers-color-scheme: dark) { .renga-top a { color: #f2977f; } }
</style>`;

export function renderDigestPage({ html, publication, url, archiveUrl, subscribeUrl }: DigestPage): string {
  const head = `<link rel="canonical" href="${escapeHtml(url)}">\n${STYLE}\n`;
  const top = `\n<nav class="renga-top"><a href="${escapeHtml(publication.url)}">${escapeHtml(publication.title)}</a><a href="${escapeHtml(archiveUrl)}">All digests</a></nav>\n`;
  const open = turnLinks(html, subscribeUrl);
  const withHead = insertBefore(open, /<\/head>/iu, head);
  return insertAfter(withHead, /<body\b[^>]*>/iu, top);
}

const TOKEN_LINK = new RegExp(
  `(<a\\b[^>]*?\\bhref=)(?:"[^"]*${SLOTS.token}[^"]*"|'[^']*${SLOTS.token}[^']*')([^>]*>)(.*?)(</a>)`,
  'gisu',
);

function turnLinks(html: string, subscribeUrl: string): string {
  const turned = html.replace(
    TOKEN_LINK,
    (_, open: string, rest: string, __, close: string) =>
      `${open}"${escapeHtml(subscribeUrl)}"${rest}Subscribe${close}`,
  );
  // Wherever else a template has put it: it means nobody.
  return turned.replaceAll(SLOTS.token, '');
}

function insertBefore(html: string, place: RegExp, piece: string): string {
  const found = place.exec(html);
  return found ? html.slice(0, found.index) + piece + html.slice(found.index) : piece + html;
}

function insertAfter(html: string, place: RegExp, piece: string): string {
  const found = place.exec(html);
  const at = found ? found.index + found[0].length : 0;
  return html.slice(0, at) + piece + html.slice(at);
}
