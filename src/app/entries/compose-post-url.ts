/** Where a post is read: on our own page, or where another generator puts it (`pages.permalink`). */
import type { Post } from '../../domain/post.ts';
import type { Renga } from '../renga.ts';

export function composePostUrl(
  renga: Pick<Renga, 'publication' | 'settings'>,
  post: Pick<Post, 'slug' | 'publishedAt'>,
): string {
  const { permalink } = renga.settings.pages;
  // Slugs are safe in a URL as they are, and the address ends with a slash.
  if (permalink === null) return `${renga.publication.url}${post.slug}/`;
  const pad = (value: number): string => String(value).padStart(2, '0');
  const values: Readonly<Record<string, string>> = {
    slug: post.slug,
    year: String(post.publishedAt.year),
    month: pad(post.publishedAt.month),
    day: pad(post.publishedAt.day),
  };
  const path = permalink.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
  return new URL(path, renga.publication.url).href;
}
