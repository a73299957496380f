/** How long a digest of 10 and of 50 posts takes from entries to subject, HTML and text, with the shipped templates. */
import { availableParallelism } from 'node:os';
import { readTemplates } from '../src/config/read-templates.ts';
import { parseMailbox } from '../src/domain/address.ts';
import type { Entry } from '../src/domain/entry.ts';
import { SLOTS } from '../src/domain/message.ts';
import type { Publication, Series } from '../src/domain/publication.ts';
import { type DigestRenderer, openDigestRenderer } from '../src/render/digest/render-digest.ts';
import { linkAssets } from '../src/render/link-assets.ts';
import { openWorkshop, type Workshop } from '../src/render/workshop.ts';
import { samplePost } from '../tests/domain/sample-post.ts';
import { type Bench, type Figure, figure, median } from './figure.ts';
import { generatePost } from './generate-posts.ts';

const RUNS = 9;
const SIZES = [10, 50];

export const bench: Bench = {
  title: `a digest from rendered bodies to its documents: the first (which starts MJML), then the median of ${RUNS}`,
  run: async () => {
    const templates = await readTemplates({ root: '/nonexistent' });
    const workshop = openWorkshop({
      templates,
      threads: availableParallelism(),
      timeLimitMilliseconds: 5000,
    });
    const renderer = openDigestRenderer({ templates, workshop });
    try {
      const entries = await renderEntries(workshop, Math.max(...SIZES));
      const [, first] = await time(renderer, 'auto', entries.slice(0, SIZES[0]));
      const figures = [figure('the very first digest', `${first.toFixed(0)} ms`)];
      for (const size of SIZES) {
        for (const body of ['full', 'summary', 'auto'] as const) {
          figures.push(await measure(renderer, body, entries.slice(0, size)));
        }
      }
      return figures;
    } finally {
      await renderer.close();
      await workshop.close();
    }
  },
};

async function measure(
  renderer: DigestRenderer,
  body: Series['body'],
  entries: readonly Entry[],
): Promise<Figure> {
  const milliseconds: number[] = [];
  let bytes = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const [size, spent] = await time(renderer, body, entries);
    bytes = size;
    milliseconds.push(spent);
  }
  const what = `${entries.length} posts, body: ${body}`;
  return figure(what, `${median(milliseconds).toFixed(0)} ms for ${(bytes / 1000).toFixed(0)} kB of HTML`);
}

/** Bytes of HTML, and milliseconds. */
async function time(
  renderer: DigestRenderer,
  body: Series['body'],
  entries: readonly Entry[],
): Promise<readonly [number, number]> {
  const started = process.hrtime.bigint();
  const { html } = await renderer.render({
    publication: PUBLICATION,
    series: { ...SERIES, body },
    number: 1,
    entries,
    unsubscribeUrl: `https://example.org/unsubscribe/${SLOTS.token}`,
    preferencesUrl: `https://example.org/preferences/${SLOTS.token}`,
    archiveUrl: 'https://example.org/',
  });
  return [Buffer.byteLength(html), Number(process.hrtime.bigint() - started) / 1e6];
}

/** Oldest first, as a digest wants them. */
async function renderEntries(workshop: Workshop, count: number): Promise<readonly Entry[]> {
  const numbers = Array.from({ length: count }, (_, index) => count - 1 - index);
  return await Promise.all(numbers.map((number) => renderEntry(workshop, number)));
}

async function renderEntry(workshop: Workshop, number: number): Promise<Entry> {
  const { path, slug, title, haiku, date, markdown } = generatePost(number);
  const url = `https://example.org/${slug}/`;
  const result = await workshop.body({ markdown, pageUrl: url, slug });
  if (result.kind === 'refused') throw new Error(`${path}: ${result.reason}`);
  const publishedAt = Temporal.PlainDate.from(date).toZonedDateTime('UTC');
  const html = linkAssets(result.html, new Map(result.references.map((reference) => [reference, null])));
  const post: Entry['post'] = {
    ...samplePost(slug, publishedAt.toString(), { path, title, haiku }),
    id: `tag:example.org,${date}:${slug}`,
  };
  return { post, url, body: { html }, summary: result.excerpt, imageUrl: null, media: [] };
}

const PUBLICATION: Publication = {
  title: 'Bench',
  description: 'Posts that were never written.',
  author: 'The generator',
  url: 'https://example.org/',
  serverUrl: 'https://example.org/',
  zone: 'UTC',
  language: 'en',
  postalAddress: '1 Sample Street, Sampletown',
  from: parseMailbox('Bench <bench@example.org>') ?? missing(),
  replyTo: null,
};

const SERIES: Series = {
  name: 'weekly',
  schedule: { kind: 'cron', cron: '0 9 * * 1' },
  zone: 'UTC',
  minimum: 1,
  label: null,
  backlog: 'include',
  body: 'auto',
  subject: '{{ haiku[0] }}',
};

function missing(): never {
  throw new Error('the address of the bench is one');
}
