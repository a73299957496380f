/** Markdown → the body of a post: sanitised, tidied, with headings from h2 down. Pure; runs in a workshop thread. */
import { arrangeHeadings } from './arrange-headings.ts';
import { cleanText } from './clean-text.ts';
import { excerptOf } from './excerpt.ts';
import { parseHtmlPieces, renderHtmlPieces } from './html-pieces.ts';
import { markDirection } from './mark-direction.ts';
import { type PlainHtml, readPlainHtml } from './read-plain-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { sanitiseHtml } from './sanitise-html.ts';
import { tidyHtml } from './tidy-html.ts';
import type { BodyJob, BodyResult } from './body-job.ts';

export function renderBody(job: BodyJob): BodyResult {
  try {
    const markdown = cleanText(job.markdown);
    const { pieces: safe, references } = makeSafe(renderMarkdown(markdown, job.slug), job.pageUrl);
    const { pieces, headings } = arrangeHeadings(tidyHtml(safe));
    const marked = markDirection(pieces);
    return {
      kind: 'rendered',
      html: renderHtmlPieces(marked).trim(),
      headings,
      excerpt: excerptOf(pieces),
      references,
    };
  } catch (error) {
    if (error instanceof RangeError)
      return { kind: 'refused', reason: 'is nested too deeply to be read as Markdown' };
    return { kind: 'refused', reason: `cannot be read as Markdown: ${String(error)}` };
  }
}

function makeSafe(html: string, pageUrl: string): PlainHtml {
  const plain = readPlainHtml(cleanText(html), pageUrl);
  if (plain) return plain;
  const sanitised = sanitiseHtml(html, pageUrl);
  return { pieces: parseHtmlPieces(sanitised.html), references: sanitised.references };
}
