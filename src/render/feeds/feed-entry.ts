/** An entry as the three formats share it: the same texts and dates in each. */
import type { Entry, Media } from '../../domain/entry.ts';
import type { Haiku } from '../../domain/haiku.ts';
import { cleanLine, cleanText } from '../clean-text.ts';
import { renderText } from '../text.ts';

export type FeedEntry = {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly author: string;
  readonly tags: readonly string[];
  /** The haiku and the summary, as HTML. */
  readonly descriptionHtml: string;
  /** The haiku and the body, or the description where feeds carry summaries. */
  readonly contentHtml: string;
  /** Null where the document does not say it twice. */
  readonly contentText: string | null;
  readonly summary: string;
  readonly published: Temporal.Instant;
  readonly updated: Temporal.Instant;
  readonly imageUrl: string | null;
  readonly media: readonly Media[];
  readonly haiku: Haiku | null;
};

export function composeFeedEntry(
  entry: Entry,
  publisher: string,
  content: 'full' | 'summary',
  hasPlainText: boolean,
): FeedEntry {
  const { post, url, body, imageUrl, media } = entry;
  const summary = cleanLine(entry.summary);
  const verse = post.haiku ? renderVerse(post.haiku) : '';
  const descriptionHtml = `${verse}${summary === '' ? '' : `<p>${escapeHtml(summary)}</p>`}`;
  const contentHtml = content === 'full' ? cleanText(`${verse}${body.html}`) : descriptionHtml;
  return {
    id: cleanLine(post.id),
    // As the package writes it in XML: the same spelling in all three.
    url: new URL(url).href,
    title: cleanLine(post.title),
    author: cleanLine(post.author ?? publisher),
    tags: post.tags.map(cleanLine).filter((tag) => tag !== ''),
    descriptionHtml,
    contentHtml,
    contentText: hasPlainText ? renderText(contentHtml) : null,
    summary,
    published: toSecond(post.publishedAt),
    updated: toSecond(post.updatedAt),
    imageUrl,
    media,
    haiku: post.haiku,
  };
}

/** Three lines that stay three where classes and styles are stripped. */
function renderVerse(haiku: Haiku): string {
  return `<p class="haiku">${haiku.map((line) => escapeHtml(cleanLine(line))).join('<br/>')}</p>`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** RSS knows whole seconds: the same moment is said in all three formats. */
function toSecond(moment: Temporal.ZonedDateTime): Temporal.Instant {
  return moment.toInstant().round({ smallestUnit: 'second', roundingMode: 'floor' });
}
