/**
 * Addresses that had a post once: 301 to the page it has now, 410 when it is gone for good (RFC 9110 §15.4.2, §15.5.11). They are asked before the
 * files, where a page for hosts without redirects may lie.
 */
import type { MiddlewareHandler } from 'hono';
import type { PageAnswer } from '../domain/post.ts';
import type { MessagePages } from './message-pages.ts';
import { parsePath } from './parse-path.ts';
import type { WebEnv } from './web-env.ts';

export type FormerPagesMeans = {
  /** What became of the post that stood under a slug; null where none did, or where one does. */
  readonly findPage: (slug: string) => Promise<PageAnswer | null>;
  readonly report: (error: unknown) => void;
};

/** As `composeSlug` makes them: no feed, picture or style is named so. */
const SLUG = /^[a-z0-9-]{1,100}$/;
/** In seconds. A slug may be taken again. */
const REDIRECT_SECONDS = 300;

export function answerFormerPages(means: FormerPagesMeans, pages: MessagePages): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    const [slug = '', ...rest] = parsePath(context.req.path) ?? [];
    if (!SLUG.test(slug)) return await next();
    const isPage = rest.length === 0 || (rest.length === 1 && ['', 'index.html'].includes(rest[0] ?? ''));
    if (!isPage) {
      // A picture beside the page: only when there is no file.
      await next();
      if (context.res.status !== 404) return undefined;
    }
    const answer = await askCalmly(means, slug);
    if (answer === null) return isPage ? await next() : undefined;
    const response =
      answer.kind === 'moved' ? redirect(answer.slug, rest) : await pages.answer(context, 410, GONE);
    // Cleared first: else it would take over the headers of the answer it replaces.
    context.res = undefined;
    context.res = response;
    return response;
  };
}

const GONE = {
  title: 'This post is gone',
  verse: [],
  paragraphs: ['It was here, and its author took it away.'],
  form: null,
} as const;

/** Pages are files, and stay readable while the database is away. */
async function askCalmly({ findPage, report }: FormerPagesMeans, slug: string): Promise<PageAnswer | null> {
  try {
    return await findPage(slug);
  } catch (error) {
    report(error);
    return null;
  }
}

/** Relative: no Host is believed, and a prefix that a proxy took away is kept. */
function redirect(slug: string, rest: readonly string[]): Response {
  const page = rest.at(-1) === 'index.html' && rest.length === 1 ? [''] : rest;
  const names = page.length === 0 ? [''] : page;
  const location = `${'../'.repeat(rest.length) || './'}${[slug, ...names.map(encodeURIComponent)].join('/')}`;
  const headers = { Location: location, 'Cache-Control': `public, max-age=${REDIRECT_SECONDS}` };
  return new Response(null, { status: 301, headers });
}
