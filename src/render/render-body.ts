/** Markdown → the body of a post: sanitised, tidied, with headings from h2 down. Pure; runs in a workshop thread. */
import { arrangeHeadings } from './arrange-headings.ts';
import { cleanText } from './clean-text.ts';
import { excerptOf } from './excerpt.ts';
import { parseHtmlPieces, renderHtmlPieces } from './html-pieces.ts';
import { countPlaceholders, weighBody } from './feeds/weigh-entry.ts';
import { markDirection } from './mark-direction.ts';
import { type PlainHtml, readPlainHtml } from './read-plain-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { SanitisedHtml } from './sanitise-html.ts';
import { tidyHtml } from './tidy-html.ts';
import type { BodyJob, BodyResult } from './body-job.ts';

/** Makes any HTML safe (`sanitise-html.ts`). */
export type Sanitise = (html: string, pageUrl: string) => SanitisedHtml;

/** Without what makes any HTML safe, null for a post with HTML of its own. */
export function renderBody(job: BodyJob, sanitise: Sanitise): BodyResult;
export function renderBody(job: BodyJob, sanitise: Sanitise | null): BodyResult | null;
export function renderBody(job: BodyJob, sanitise: Sanitise | null): BodyResult | null {
  try {
    const markdown = cleanText(job.markdown);
    const safe = makeSafe(renderMarkdown(markdown, job.slug), job.pageUrl, sanitise);
    if (!safe) return null;
    const { pieces, headings } = arrangeHeadings(tidyHtml(safe.pieces));
    const html = renderHtmlPieces(markDirection(pieces)).trim();
    return {
      kind: 'rendered',
      html,
      headings,
      excerpt: excerptOf(pieces),
      references: safe.references,
      leftOut: safe.leftOut,
      placeholders: safe.references.length === 0 ? 0 : countPlaceholders(html),
      weight: weighBody(html),
    };
  } catch (error) {
    if (error instanceof RangeError)
      return { kind: 'refused', reason: 'is nested too deeply to be read as Markdown' };
    return { kind: 'refused', reason: `cannot be read as Markdown: ${String(error)}` };
  }
}

type SafePieces = PlainHtml & Pick<SanitisedHtml, 'leftOut'>;

function makeSafe(html: string, pageUrl: string, sanitise: Sanitise | null): SafePieces | null {
  const plain = readPlainHtml(cleanText(html), pageUrl);
  if (plain || !sanitise) return plain && { ...plain, leftOut: [] };
  const sanitised = sanitise(html, pageUrl);
  return {
    pieces: parseHtmlPieces(sanitised.html),
    references: sanitised.references,
    leftOut: sanitised.leftOut,
  };
}
