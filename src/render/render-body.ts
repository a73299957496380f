/** Markdown → the body of a post: sanitised, tidied, with headings from h2 down. Pure; runs in a workshop thread. */
import { arrangeHeadings } from './arrange-headings.ts';
import { cleanText } from './clean-text.ts';
import { excerptOf } from './excerpt.ts';
import { parseHtmlPieces, renderHtmlPieces } from './html-pieces.ts';
import { markDirection } from './mark-direction.ts';
import { renderMarkdown } from './render-markdown.ts';
import { sanitiseHtml } from './sanitise-html.ts';
import { tidyHtml } from './tidy-html.ts';
import type { BodyJob, BodyResult } from './body-job.ts';

export function renderBody(job: BodyJob): BodyResult {
  try {
    const markdown = cleanText(job.markdown);
    const { html, references } = sanitiseHtml(renderMarkdown(markdown, job.slug), job.pageUrl);
    const { pieces, headings } = arrangeHeadings(tidyHtml(parseHtmlPieces(html)));
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
