/** Real feed documents, from entries that try to look like markup. */
import type { Entry } from '../../../src/domain/entry.ts';
import { renderFeeds } from '../../../src/render/feeds/render-feeds.ts';
import { sampleDocument, sampleEntry } from '../../render/feeds/sample-entries.ts';
import { PUBLICATION } from '../example-web.ts';

const PUBLISHED = Temporal.ZonedDateTime.from('2026-11-10T08:00:00[UTC]');

/** The higher its number, the older it is. `edited`: other words, and a change an hour after it was published. */
export function exampleEntry(number: number, html = `<p>post ${number}</p>`, edited = false): Entry {
  const publishedAt = PUBLISHED.subtract({ hours: 2 * number });
  const entry = sampleEntry({ slug: `post-${number}`, title: `Post <item> & ${number}`, html });
  const id = `tag:example.org,2026:post&${number}`;
  const updatedAt = edited ? PUBLISHED.add({ hours: 1 }) : publishedAt;
  return { ...entry, post: { ...entry.post, id, publishedAt, updatedAt }, summary: `the ${number} <entry>` };
}

export const ENTRIES: readonly Entry[] = [
  exampleEntry(1, '<p>]]> &lt;/item&gt; <code>&lt;guid&gt;x&lt;/guid&gt;</code></p>'),
  exampleEntry(2, `<pre>${'code '.repeat(400)}</pre>`),
  exampleEntry(3),
  exampleEntry(4),
];

export const idOf = ({ post }: Entry): string => post.id;

export function exampleFeeds(entries: readonly Entry[]): ReturnType<typeof renderFeeds> {
  return renderFeeds({ ...sampleDocument(entries), publication: PUBLICATION });
}
