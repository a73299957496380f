/** Entries for tests of documents: from Markdown, through the real workshop, with everything else filled in. */
import type { Address } from '../../../src/domain/address.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import type { Haiku } from '../../../src/domain/haiku.ts';
import { SLOTS } from '../../../src/domain/message.ts';
import type { Publication, Series } from '../../../src/domain/publication.ts';
import type { DigestInput } from '../../../src/render/digest/render-digest.ts';
import { type AssetLinks, linkAssets } from '../../../src/render/link-assets.ts';
import type { Workshop } from '../../../src/render/workshop.ts';

export type Sketch = {
  readonly slug: string;
  readonly title?: string;
  readonly haiku?: Haiku;
  readonly date?: string;
  readonly summary?: string;
  readonly markdown: string;
};

export const PUBLICATION: Publication = {
  title: 'Night Shift Notes',
  description: 'Small joys and pains of keeping computers.',
  author: 'A. Keeper',
  url: 'https://notes.example/',
  serverUrl: 'https://mail.notes.example/',
  zone: 'Europe/Vienna',
  language: 'en',
  postalAddress: 'Night Shift Notes\nMühlgasse 7\n1040 Wien, Austria',
  from: { name: 'Night Shift Notes', address: 'notes@notes.example' as Address },
  replyTo: null,
};

export const SERIES: Series = {
  name: 'weekly',
  schedule: { kind: 'cron', cron: '0 9 * * 1' },
  zone: 'Europe/Vienna',
  minimum: 1,
  label: null,
  backlog: 'skip',
  body: 'auto',
  subject: '{{ haiku[0] }}',
};

export function composeInput(entries: readonly Entry[], changes: Partial<DigestInput> = {}): DigestInput {
  return {
    publication: PUBLICATION,
    series: SERIES,
    number: 12,
    entries,
    unsubscribeUrl: `https://mail.notes.example/unsubscribe/${SLOTS.token}`,
    preferencesUrl: `https://mail.notes.example/preferences/${SLOTS.token}`,
    archiveUrl: 'https://notes.example/',
    ...changes,
  };
}

/** A post that is refused fails the test: it was meant to be read. */
export async function composeEntry(
  workshop: Workshop,
  sketch: Sketch,
  links: AssetLinks = new Map(),
): Promise<Entry> {
  const url = `https://notes.example/${sketch.slug}/`;
  const body = await workshop.body({ markdown: sketch.markdown, pageUrl: url, slug: sketch.slug });
  if (body.kind === 'refused') throw new Error(body.reason);
  const haiku = sketch.haiku ?? null;
  const date = Temporal.ZonedDateTime.from(sketch.date ?? '2026-11-16T08:30[Europe/Vienna]');
  return {
    post: {
      path: `posts/${sketch.slug}.md`,
      fileHash: '',
      contentHash: '',
      id: `tag:notes.example,2026:${sketch.slug}`,
      slug: sketch.slug,
      haiku,
      title: sketch.title ?? haiku?.join(' / ') ?? sketch.slug,
      publishedAt: date,
      updatedAt: date,
      tags: [],
      draft: false,
      inDigests: true,
      inFeeds: true,
      author: null,
      summary: sketch.summary ?? null,
      canonical: null,
      image: null,
      audio: null,
      duration: null,
      correction: null,
      problems: [],
    },
    url,
    body: { html: linkAssets(body.html, links) },
    summary: sketch.summary ?? body.excerpt,
    imageUrl: null,
    media: [],
  };
}
