/**
 * A mail as a light or a dark mail program shows it, whatever the browser here prefers: style sheets are told the answer to their question
 * `prefers-color-scheme` instead of asking it. Only style sheets and `media` attributes are touched, never the words of the mail.
 */
import type { Scheme } from './choose-view.ts';

/** None of these patterns may run on over a second `<` or `:`, so that hostile HTML costs no more than its length. */
const STYLE_TAG = /<style\b[^<>]*>|<\/style\s*>/gi;
const TAG_WITH_MEDIA = /<(?:source|link|meta)\b[^<>]*>/gi;
const META_TAG = /<meta\b[^<>]*>/gi;
const QUESTION = /\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi;
const DARK_IN_SHEET = /color-schemes?\s*:[^:;}]*\bdark\b/i;

type Piece = { readonly isSheet: boolean; readonly text: string };

/** HTML of a mail → the same with the scheme decided, and its links opening apart from the frame it is shown in. */
export function forceScheme(html: string, scheme: Scheme): string {
  const answer = (text: string): string =>
    text.replace(QUESTION, (_, asked: string) =>
      asked.toLowerCase() === scheme ? '(min-width: 0)' : '(max-width: 0)',
    );
  const pieces = splitSheets(html);
  const decided = pieces
    .map(({ isSheet, text }) => (isSheet ? answer(text) : text.replace(TAG_WITH_MEDIA, answer)))
    .join('');
  // Programs leave a mail light that has no dark form (or invert it by rules of their own, which nobody can show here).
  const shown = scheme === 'dark' && hasDarkForm(pieces) ? 'dark' : 'light';
  return insertIntoHead(
    decided,
    `<base target="_blank"><style>:root{color-scheme:${shown}!important}</style>`,
  );
}

/** Sheets from their opening tag to their closing one, and what lies between. */
function splitSheets(html: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let isSheet = false;
  for (const { 0: tag, index } of html.matchAll(STYLE_TAG)) {
    if (tag.startsWith('</') !== isSheet) continue;
    pieces.push({ isSheet, text: html.slice(start, index) });
    start = index;
    isSheet = !isSheet;
  }
  return [...pieces, { isSheet, text: html.slice(start) }];
}

/** Whether the mail says that it can be dark: in CSS, or by `<meta name="color-scheme">`. */
function hasDarkForm(pieces: readonly Piece[]): boolean {
  return pieces.some(({ isSheet, text }) =>
    isSheet
      ? DARK_IN_SHEET.test(text)
      : (text.match(META_TAG) ?? []).some(
          (tag: string) => /color-scheme/i.test(tag) && /\bdark\b/i.test(tag),
        ),
  );
}

function insertIntoHead(html: string, markup: string): string {
  const tag = [/<head(?:\s[^<>]*)?>/i, /<html\b[^<>]*>/i, /<!doctype\b[^<>]*>/i]
    .map((pattern) => pattern.exec(html))
    .find((match) => match !== null);
  const at = tag ? tag.index + tag[0].length : 0;
  return html.slice(0, at) + markup + html.slice(at);
}
