/** What `publish` lays beside the pages for hosts of static files, Netlify and Cloudflare Pages among them. */
import type { FormerFeeds } from '../../domain/former-feeds.ts';
import type { HostFile } from '../../domain/host-file.ts';
import type { Publication } from '../../domain/publication.ts';
import { renderSnippet } from './render-snippet.ts';

export function composeHostFiles(publication: Publication, former: FormerFeeds): readonly HostFile[] {
  const headers = { path: '_headers', text: renderSnippet('headers', publication, former) } as const;
  if (Object.keys(former.moved).length === 0) return [headers];
  return [headers, { path: '_redirects', text: renderSnippet('redirects', publication, former) }];
}
