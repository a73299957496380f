/** The bodies of posts: rendered once per change, in the workshop, and then kept in the cache, their HTML apart from what lists need. */
import { availableParallelism } from 'node:os';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Post } from '../../domain/post.ts';
import type { BodyResult } from '../../render/body-job.ts';
import { composePostUrl } from './compose-post-url.ts';
import type { Gathered } from '../identity/gather-posts.ts';
import { mapInFlight } from '../map-in-flight.ts';
import type { Renga } from '../renga.ts';

export type BodyKeeper = Pick<Renga, 'publication' | 'settings' | 'cache' | 'workshop' | 'version'>;

/** What the cache keeps of a body besides its HTML. */
type KeptBody = BodyFacts & { readonly key: string };
export type BodyFacts =
  | {
      readonly kind: 'rendered';
      readonly headings: readonly string[];
      readonly excerpt: string;
      readonly references: readonly string[];
      /** Names of elements that were left out with their content. */
      readonly leftOut: readonly string[];
      /** How often it names local files. */
      readonly placeholders: number;
      /** Bytes it takes in a feed, or a little more, without what the addresses of its files add. */
      readonly weight: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Bodies kept in one transaction. */
const KEPT_AT_ONCE = 200;

function factsFrom(renga: BodyKeeper, post: Post, text: string | null): BodyFacts | null {
  const kept = text === null ? null : (JSON.parse(text) as KeptBody);
  if (kept?.key !== bodyKey(renga, post)) return null;
  const { key: _key, ...facts } = kept;
  return facts;
}

/** Counted up whenever something else than before is kept of the same body. */
const FORM = 5;

/** What a body is made from besides its Markdown, and where it is kept. */
export type BodySource = Pick<Post, 'path' | 'slug' | 'contentHash' | 'publishedAt'>;

/** Everything the HTML of a body depends on. */
export function bodyKey(renga: BodyKeeper, post: BodySource): string {
  return `${renga.version} ${FORM} ${post.contentHash} ${composePostUrl(renga, post)}`;
}

/** What is known of a post's body as it is now, or null. */
export function recallBody(renga: BodyKeeper, post: Post): BodyFacts | null {
  return factsFrom(renga, post, renga.cache.get('body', post.path));
}

/** What is known of each post's body, rendered where it must be; null for a post whose file changed meanwhile. */
export async function readBodies(
  renga: BodyKeeper,
  posts: readonly Post[],
  markdownOf: Gathered['markdownOf'],
): Promise<readonly (BodyFacts | null)[]> {
  const facts = posts.map((post) => recallBody(renga, post));
  const changed = facts.flatMap((known, index) => (known ? [] : [index]));
  const collector = collectBodies(renga);
  const render = async (index: number): Promise<void> => {
    const post = posts[index];
    const markdown = post ? markdownOf(post) : null;
    const body = post && markdown !== null ? await renderBody(renga, post, markdown) : null;
    facts[index] = body?.facts ?? null;
    if (body) collector.add(body);
  };
  try {
    await mapInFlight(changed, BODIES_IN_FLIGHT, render);
  } finally {
    collector.flush();
  }
  return facts;
}

/** Enough to keep every thread busy, few enough that ten thousand texts are never in memory at once. */
export const BODIES_IN_FLIGHT = availableParallelism() * 16;

/** Bodies on their way into the cache. */
export type BodyCollector = {
  readonly add: (body: RenderedBody) => void;
  /** To be called when no more come. */
  readonly flush: () => void;
};

export function collectBodies(renga: BodyKeeper): BodyCollector {
  const waiting: RenderedBody[] = [];
  const flush = (): void => keepBodies(renga, waiting.splice(0));
  return {
    flush,
    add: (body) => {
      waiting.push(body);
      if (waiting.length >= KEPT_AT_ONCE) flush();
    },
  };
}

type RenderedBody = { readonly post: BodySource; readonly html: string; readonly facts: BodyFacts };

export async function renderBody(
  renga: BodyKeeper,
  post: BodySource,
  markdown: string,
): Promise<RenderedBody> {
  const result = await renga.workshop.body({
    markdown,
    pageUrl: composePostUrl(renga, post),
    slug: post.slug,
  });
  return { post, html: result.kind === 'rendered' ? result.html : '', facts: factsOf(result) };
}

function factsOf(result: BodyResult): BodyFacts {
  if (result.kind === 'refused') return { kind: 'refused', reason: result.reason };
  const { headings, excerpt, references, leftOut, placeholders, weight } = result;
  return { kind: 'rendered', headings, excerpt, references, leftOut, placeholders, weight };
}

function keepBodies(renga: BodyKeeper, rendered: readonly RenderedBody[]): void {
  if (rendered.length === 0) return;
  const facts = new Map<string, string>();
  const htmls = new Map<string, string>();
  for (const body of rendered) {
    const key = bodyKey(renga, body.post);
    facts.set(body.post.path, JSON.stringify({ key, ...body.facts }));
    htmls.set(body.post.path, `${key}\n${body.html}`);
  }
  renga.cache.put('body-html', htmls);
  renga.cache.put('body', facts);
}

/** The HTML of a body, with the references of its author in it. */
export async function loadHtml(
  renga: BodyKeeper,
  post: Post,
  markdownOf: Gathered['markdownOf'],
): Promise<string> {
  return loadKeptHtml(renga, post) ?? (await renderAgain(renga, post, markdownOf));
}

function loadKeptHtml(renga: BodyKeeper, post: Post): string | null {
  const kept = renga.cache.get('body-html', post.path);
  const head = `${bodyKey(renga, post)}\n`;
  return kept?.startsWith(head) === true ? kept.slice(head.length) : null;
}

/** The cache may be swept, or its disk be full, at any moment: it costs time, never a page. */
async function renderAgain(
  renga: BodyKeeper,
  post: Post,
  markdownOf: Gathered['markdownOf'],
): Promise<string> {
  const markdown = markdownOf(post);
  const rendered = markdown === null ? null : await renderBody(renga, post, markdown);
  if (rendered?.facts.kind === 'rendered') return rendered.html;
  throw new OperatorError(`${post.path} changed while it was being published.`, 'Publish again.');
}
