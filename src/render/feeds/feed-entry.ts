/** An entry as the three formats share it: the same texts and dates in each. */
import type { Media } from '../../domain/entry.ts';
import type { Haiku } from '../../domain/haiku.ts';
import { cleanLine, cleanText } from '../clean-text.ts';
import { toSecond } from './feed-dates.ts';
import type { DocumentEntry, FeedDocument } from './feed-document.ts';

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
  /** In milliseconds, of whole seconds; so is `updated`. */
  readonly published: number;
  readonly updated: number;
  readonly imageUrl: string | null;
  readonly media: readonly Media[];
  readonly haiku: Haiku | null;
};

export function composeFeedEntry(
  entry: DocumentEntry,
  publisher: string,
  content: 'full' | 'summary',
  textOf: FeedDocument['textOf'],
): FeedEntry {
  const { post, url, imageUrl, media } = entry;
  const summary = cleanLine(entry.summary);
  const descriptionHtml = composeContent(entry, 'summary');
  const contentHtml = content === 'summary' ? descriptionHtml : composeContent(entry, 'full');
  return {
    id: cleanLine(post.id),
    // As the package writes it in XML: the same spelling in all three.
    url: new URL(url).href,
    title: cleanLine(post.title),
    author: cleanLine(post.author ?? publisher),
    tags: post.tags.map(cleanLine).filter((tag) => tag !== ''),
    descriptionHtml,
    contentHtml,
    contentText: textOf?.(contentHtml) ?? null,
    summary,
    published: toSecond(post.publishedAt),
    updated: toSecond(post.updatedAt),
    imageUrl,
    media,
    haiku: post.haiku,
  };
}

/** The haiku with the body, or with the summary, as HTML. */
export function composeContent(
  { post, body, summary }: Pick<DocumentEntry, 'post' | 'body' | 'summary'>,
  content: 'full' | 'summary',
): string {
  const verse = post.haiku ? renderVerse(post.haiku) : '';
  if (content === 'full') return cleanText(`${verse}${body.html}`);
  const line = cleanLine(summary);
  return `${verse}${line === '' ? '' : `<p>${escapeHtml(line)}</p>`}`;
}

/** Three lines that stay three where classes and styles are stripped. */
function renderVerse(haiku: Haiku): string {
  return `<p class="haiku">${haiku.map((line) => escapeHtml(cleanLine(line))).join('<br/>')}</p>`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
