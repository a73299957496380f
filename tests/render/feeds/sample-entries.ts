/** Entries made by hand: plain, non-Latin, without a haiku, and as hostile as an author can be. */
import type { Entry } from '../../../src/domain/entry.ts';
import type { Haiku } from '../../../src/domain/haiku.ts';
import { parseMailbox } from '../../../src/domain/address.ts';
import { PLAIN_PODCAST } from '../../../src/domain/podcast.ts';
import type { Publication } from '../../../src/domain/publication.ts';
import type { FeedDocument } from '../../../src/render/feeds/feed-document.ts';
import { renderText } from '../../../src/render/text.ts';
import { samplePost } from '../../domain/sample-post.ts';

const from = parseMailbox('The Almanac <almanac@example.org>');
if (!from) throw new Error('that is a mailbox');

export const PUBLICATION: Publication = {
  title: 'Bits & <Bobs>',
  description: 'Small "things"',
  author: 'Ann Lee',
  url: 'https://example.org/blog/',
  serverUrl: 'https://example.org/',
  zone: 'Europe/Berlin',
  language: 'en',
  postalAddress: null,
  from,
  replyTo: null,
};

/** A main feed that has all there is. */
export function sampleDocument(entries: readonly Entry[]): FeedDocument {
  return {
    publication: PUBLICATION,
    folder: '',
    feedFolder: '',
    base: PUBLICATION.url,
    title: PUBLICATION.title,
    homeUrl: PUBLICATION.url,
    entries,
    version: '1.0.0',
    content: 'full',
    history: { kind: 'complete' },
    hubs: [],
    deleted: [],
    textOf: renderText,
    podcast: PLAIN_PODCAST,
  };
}

export type Sample = {
  readonly slug: string;
  readonly title: string;
  readonly haiku?: Haiku | null;
  readonly html?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly at?: string;
};

export function sampleEntry(sample: Sample): Entry {
  const publishedAt = Temporal.ZonedDateTime.from(`${sample.at ?? '2026-03-01T09:00'}[Europe/Berlin]`);
  return {
    url: `https://example.org/blog/${sample.slug}/`,
    summary: sample.summary ?? 'A summary.',
    imageUrl: null,
    media: [],
    body: { html: sample.html ?? '<p>Text.</p>' },
    post: samplePost(sample.slug, publishedAt.toString(), {
      contentHash: '1'.repeat(64),
      id: `tag:example.org,2026-03-01:${sample.slug}`,
      haiku: sample.haiku ?? null,
      title: sample.title,
      updatedAt: publishedAt.add({ hours: 1 }),
      tags: sample.tags ?? [],
    }),
  };
}

export const SAMPLES: readonly Entry[] = [
  sampleEntry({
    slug: 'natsu',
    title: '夏の夜',
    haiku: ['夏の夜や', 'サーバの唸り', '子守唄'],
    tags: ['俳句', 'a<b&"c'],
    at: '2026-08-01T09:00',
  }),
  sampleEntry({
    slug: 'swap',
    title: 'AT&T <b>is not bold</b> ]]> twice ]]>',
    haiku: ['the swap filled at last', 'a system I built by hand', 'I typed it by heart'],
    html: '<p>one ]]&gt; two</p><pre><code class="language-sh">a &amp;&amp; b &lt; c</code></pre>',
    at: '2026-05-01T09:00',
  }),
  sampleEntry({ slug: 'plain', title: 'No verse', summary: '', at: '2026-01-01T09:00' }),
];
