/**
 * Turns published posts into entries: URL, summary, picture, and a body that is rendered once per change and then
 * kept in the cache. A post whose body cannot be made is left out with one problem; the others go on.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Asset } from '../domain/body.ts';
import type { Entry } from '../domain/entry.ts';
import { renderHaikuLine } from '../domain/haiku.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { Post } from '../domain/post.ts';
import type { Problem } from '../domain/problem.ts';
import { findAssets } from '../posts/find-assets.ts';
import { linkAssets } from '../render/link-assets.ts';
import type { PageEntry } from '../render/pages/page-outputs.ts';
import type { BodyResult } from '../render/body-job.ts';
import { composePostUrl } from './compose-post-url.ts';
import type { Gathered } from './gather-posts.ts';
import type { Renga } from './renga.ts';

/** An entry before its body is loaded. */
export type PreparedEntry = PageEntry & {
  readonly headings: readonly string[];
  readonly assets: readonly Asset[];
};

export type PreparedEntries = {
  /** In the order of the posts given. */
  readonly entries: readonly PreparedEntry[];
  readonly problems: readonly Problem[];
};

type Preparer = Pick<Renga, 'root' | 'publication' | 'settings' | 'cache' | 'workshop' | 'version'>;

/** What the cache keeps of a body besides its HTML. */
type KeptBody = BodyFacts & { readonly key: string };
type BodyFacts =
  | {
      readonly kind: 'rendered';
      readonly headings: readonly string[];
      readonly excerpt: string;
      readonly references: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** `changed` counts what has to be rendered, for the curious. */
export async function prepareEntries(
  renga: Preparer,
  posts: readonly Post[],
  markdownOf: Gathered['markdownOf'],
): Promise<PreparedEntries> {
  const kept = readKeptBodies(renga);
  const facts = await factsOfAll(renga, posts, markdownOf, kept);
  const entries: PreparedEntry[] = [];
  const problems: Problem[] = [];
  for (let start = 0; start < posts.length; start += ENTRIES_IN_FLIGHT) {
    const batch = posts.slice(start, start + ENTRIES_IN_FLIGHT);
    const results = batch.map(async (post, offset) => {
      return await prepareEntry(renga, post, facts[start + offset] ?? null, markdownOf);
    });
    for (const result of await Promise.all(results)) {
      if (result.entry) entries.push(result.entry);
      problems.push(...result.problems);
    }
  }
  return { entries, problems };
}

/** Looking at files beside the posts waits for the disk: enough at once that it is kept busy. */
const ENTRIES_IN_FLIGHT = 64;

async function prepareEntry(
  renga: Preparer,
  post: Post,
  facts: BodyFacts | null,
  markdownOf: Gathered['markdownOf'],
): Promise<{ readonly entry: PreparedEntry | null; readonly problems: readonly Problem[] }> {
  if (facts?.kind === 'rendered') return await composeEntry(renga, post, facts, markdownOf);
  const message = facts?.reason ?? 'the file changed while it was read; it is looked at again next time';
  return { entry: null, problems: [{ severity: 'error', path: post.path, line: null, message }] };
}

/** Loads an entry's body, for a feed or a digest. */
export async function loadEntry(prepared: PreparedEntry): Promise<Entry> {
  const { post, url, summary, imageUrl, headings, excerpt } = prepared;
  return { post, url, summary, imageUrl, body: { html: await prepared.loadHtml(), headings, excerpt } };
}

function readKeptBodies(renga: Preparer): ReadonlyMap<string, KeptBody> {
  const kept = new Map<string, KeptBody>();
  for (const [path, text] of renga.cache.all('body')) kept.set(path, JSON.parse(text) as KeptBody);
  return kept;
}

/** Everything the HTML of a body depends on. */
function bodyKey(renga: Preparer, post: Post): string {
  return `${renga.version} ${post.contentHash} ${composePostUrl(renga, post)}`;
}

async function factsOfAll(
  renga: Preparer,
  posts: readonly Post[],
  markdownOf: Gathered['markdownOf'],
  kept: ReadonlyMap<string, KeptBody>,
): Promise<readonly (BodyFacts | null)[]> {
  const facts: (BodyFacts | null)[] = [];
  const changed: number[] = [];
  for (const [index, post] of posts.entries()) {
    const known = kept.get(post.path);
    const fresh = known?.key === bodyKey(renga, post) ? known : null;
    facts.push(fresh);
    if (!fresh) changed.push(index);
  }
  // Enough in flight to keep every thread busy, few enough that ten thousand texts are never in memory at once.
  const width = availableParallelism() * 8;
  for (let start = 0; start < changed.length; start += width) {
    const batch = changed.slice(start, start + width);
    const rendered = await Promise.all(batch.map((index) => renderBody(renga, posts[index], markdownOf)));
    keepBodies(renga, rendered);
    for (const [offset, index] of batch.entries()) facts[index] = rendered[offset]?.facts ?? null;
  }
  return facts;
}

type RenderedBody = { readonly post: Post; readonly html: string; readonly facts: BodyFacts };

async function renderBody(
  renga: Preparer,
  post: Post | undefined,
  markdownOf: Gathered['markdownOf'],
): Promise<RenderedBody | null> {
  const markdown = post ? markdownOf(post) : null;
  if (!post || markdown === null) return null;
  const result = await renga.workshop.body({
    markdown,
    pageUrl: composePostUrl(renga, post),
    slug: post.slug,
  });
  return { post, html: result.kind === 'rendered' ? result.html : '', facts: factsOf(result) };
}

function factsOf(result: BodyResult): BodyFacts {
  if (result.kind === 'refused') return { kind: 'refused', reason: result.reason };
  const { headings, excerpt, references } = result;
  return { kind: 'rendered', headings, excerpt, references };
}

function keepBodies(renga: Preparer, rendered: readonly (RenderedBody | null)[]): void {
  const facts = new Map<string, string>();
  const htmls = new Map<string, string>();
  for (const body of rendered) {
    if (!body) continue;
    const key = bodyKey(renga, body.post);
    facts.set(body.post.path, JSON.stringify({ key, ...body.facts }));
    htmls.set(body.post.path, JSON.stringify({ key, html: body.html }));
  }
  renga.cache.put('body-html', htmls);
  renga.cache.put('body', facts);
}

async function composeEntry(
  renga: Preparer,
  post: Post,
  facts: Extract<BodyFacts, { kind: 'rendered' }>,
  markdownOf: Gathered['markdownOf'],
): Promise<{ readonly entry: PreparedEntry; readonly problems: readonly Problem[] }> {
  const references = post.image ? [...facts.references, post.image] : facts.references;
  const found = await findLocalAssets(renga, post, references);
  const urlOf = (asset: Asset): string => new URL(encodePath(asset.publicPath), renga.publication.url).href;
  const image = found.assets.find((asset) => asset.reference === post.image);
  const entry: PreparedEntry = {
    post,
    url: composePostUrl(renga, post),
    summary: post.summary ?? facts.excerpt,
    excerpt: facts.excerpt,
    headings: facts.headings,
    imageUrl: image ? urlOf(image) : absoluteOrNull(post.image),
    assets: found.assets,
    fingerprint: fingerprintOf(renga, post, found.assets),
    loadHtml: async () => {
      const links = new Map(facts.references.map((reference) => [reference, null as AssetLink | null]));
      for (const asset of found.assets) links.set(asset.reference, { url: urlOf(asset), size: asset.size });
      return linkAssets(loadKeptHtml(renga, post) ?? (await renderAgain(renga, post, markdownOf)), links);
    },
  };
  return { entry, problems: found.problems };
}

type AssetLink = { readonly url: string; readonly size: Asset['size'] };

async function findLocalAssets(
  renga: Preparer,
  post: Post,
  references: readonly string[],
): Promise<Awaited<ReturnType<typeof findAssets>>> {
  const local = references.filter((reference) => absoluteOrNull(reference) === null);
  if (local.length === 0) return { assets: [], problems: [] };
  return await findAssets({
    root: renga.root,
    post: { path: post.path, slug: post.slug },
    references: local,
  });
}

function absoluteOrNull(reference: string | null): string | null {
  return reference !== null && /^https?:\/\//i.test(reference) && URL.canParse(reference)
    ? new URL(reference).href
    : null;
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function loadKeptHtml(renga: Preparer, post: Post): string | null {
  const text = renga.cache.get('body-html', post.path);
  const kept = text === null ? null : (JSON.parse(text) as { key: string; html: string });
  return kept?.key === bodyKey(renga, post) ? kept.html : null;
}

/** The cache may be swept, or its disk be full, at any moment: it costs time, never a page. */
async function renderAgain(renga: Preparer, post: Post, markdownOf: Gathered['markdownOf']): Promise<string> {
  const rendered = await renderBody(renga, post, markdownOf);
  if (rendered?.facts.kind === 'rendered') return rendered.html;
  throw new OperatorError(`${post.path} changed while it was being published.`, 'Publish again.');
}

function fingerprintOf(renga: Preparer, post: Post, assets: readonly Asset[]): string {
  const parts = [
    bodyKey(renga, post),
    post.id,
    post.title,
    post.haiku ? renderHaikuLine(post.haiku) : '',
    post.publishedAt.toString(),
    post.updatedAt.toString(),
    post.tags.join('\n'),
    post.canonical ?? '',
    ...assets.map((asset) => `${asset.reference} ${asset.publicPath} ${asset.hash}`),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
