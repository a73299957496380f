/**
 * What another server must be told to send feeds as `serve` does: types, freshness, who may read them, compression, and what became of former ones. Rendered from the headers that `serve`
 * itself sends, so that the two cannot drift apart. Static servers send no deltas (RFC 3229).
 */
import type { FormerFeeds } from '../../domain/former-feeds.ts';
import { HOST_FILE_MARK } from '../../domain/host-file.ts';
import type { Publication } from '../../domain/publication.ts';
import { openFeedHeaders } from './feed-headers.ts';

export const HOSTS = ['nginx', 'apache', 'headers', 'redirects'] as const;
export type Host = (typeof HOSTS)[number];

export function isHost(name: string): name is Host {
  return HOSTS.some((host) => host === name);
}

/** The names feeds have, in whatever folder, and the list of them. */
const NAMES = ['rss.xml', 'atom.xml', 'feed.json', 'feeds.opml'];
/** Said by the server itself where it compresses. */
const LEFT_OUT = new Set(['Vary', 'Content-Type']);

type Feed = {
  readonly name: string;
  readonly type: string;
  readonly fields: readonly (readonly [string, string])[];
};

/** A former feed: `target` is where it is now, an absolute URL; null for one that is gone. `path`: absolute, without a slash at its end. */
type Former = { readonly path: string; readonly target: string | null };

type Render = (feeds: readonly Feed[], former: readonly Former[]) => string;

const RENDERERS: Readonly<Record<Host, Render>> = {
  nginx: renderNginx,
  apache: renderApache,
  headers: renderHeaders,
  redirects: renderRedirects,
};

export function renderSnippet(host: Host, publication: Publication, former: FormerFeeds): string {
  const headersOf = openFeedHeaders(publication, () => null);
  const feeds = NAMES.map((name) => {
    const { keeping, describing } = headersOf(name);
    const all = { ...keeping, ...describing };
    const fields = Object.entries(all).filter(([field]) => !LEFT_OUT.has(field));
    return { name, type: (all['Content-Type'] ?? '').replace(/;.*/, ''), fields };
  });
  return RENDERERS[host](feeds, listFormer(publication, former));
}

function listFormer({ url }: Pick<Publication, 'url'>, { moved, retired }: FormerFeeds): readonly Former[] {
  const { pathname } = new URL(url);
  return [
    ...Object.entries(moved).map(([path, target]) => ({
      path: `${pathname}${path}`,
      target: new URL(target, url).href,
    })),
    ...retired.map((path) => ({ path: `${pathname}${path}`, target: null })),
  ];
}

function renderNginx(feeds: readonly Feed[], former: readonly Former[]): string {
  const types = feeds.map(({ type }) => type).join(' ');
  const locations = feeds.map(({ name, type, fields }) => {
    const lines = [
      'types { }',
      `default_type ${type};`,
      'charset utf-8;',
      `charset_types ${types};`,
      'gzip on;',
      'gzip_vary on;',
      'gzip_proxied any;',
      `gzip_types ${types};`,
      ...fields.map(([field, value]) => `add_header ${field} ${JSON.stringify(value)} always;`),
    ];
    return `location ~ /${name.replace('.', '\\.')}$ {\n${lines.map((line) => `    ${line}\n`).join('')}}\n`;
  });
  const answers = former.map(({ path, target }) => {
    const answer = target === null ? 'return 410;' : `return 301 ${JSON.stringify(target)};`;
    // An exact location goes before all others.
    return ['', '/'].map((slash) => `location = ${path}${slash} { ${answer} }\n`).join('');
  });
  return `# For a server { … } of nginx whose root is public/.\n${[...answers, ...locations].join('\n')}`;
}

function renderApache(feeds: readonly Feed[], former: readonly Former[]): string {
  const files = feeds.map(({ name, type, fields }) => {
    const lines = [
      `ForceType "${type}; charset=utf-8"`,
      'SetOutputFilter DEFLATE',
      ...fields.map(([field, value]) => `Header set ${field} ${JSON.stringify(value)}`),
    ];
    return `<Files "${name}">\n${lines.map((line) => `    ${line}\n`).join('')}</Files>\n`;
  });
  const answers = former.map(({ path, target }) => {
    const pattern = JSON.stringify(`^${path.replaceAll('.', '[.]')}/?$`);
    if (target === null) return `RedirectMatch 410 ${pattern}\n`;
    // Apache encodes it itself.
    return `RedirectMatch 301 ${pattern} ${JSON.stringify(decodeURI(target))}\n`;
  });
  return [
    '# For Apache 2.4, in its configuration or as public/.htaccess; needs mod_headers, mod_deflate, mod_mime, mod_alias.\n',
    '# Apache marks the tag of what it compresses, and does not know it again: both spellings are asked for.\n',
    `RequestHeader edit "If-None-Match" '^((?:W/)?")(.*)-gzip"$' '$1$2-gzip", $1$2"'\n\n`,
    answers.length === 0 ? '' : `${answers.join('')}\n`,
    files.join('\n'),
  ].join('');
}

/** For Netlify and Cloudflare Pages; both compress by themselves. */
function renderHeaders(feeds: readonly Feed[]): string {
  const rules = feeds.flatMap(({ name, type, fields }) => {
    const lines = [['Content-Type', `${type}; charset=utf-8`] as const, ...fields];
    const rule = lines.map(([field, value]) => `  ${field}: ${value}\n`).join('');
    return [`/${name}\n${rule}`, `/*/${name}\n${rule}`];
  });
  return `${HOST_FILE_MARK}: _headers, for Netlify and Cloudflare Pages. Yours, without this line, would stay.\n${rules.join('\n')}`;
}

/** For the same hosts; they know no 410. */
function renderRedirects(_feeds: readonly Feed[], former: readonly Former[]): string {
  const rules = former.flatMap(({ path, target }) =>
    target === null ? [] : ['', '/'].map((slash) => `${encodeURI(path)}${slash} ${target} 301\n`),
  );
  return `${HOST_FILE_MARK}: _redirects, for Netlify and Cloudflare Pages. Yours, without this line, would stay.\n${rules.join('')}`;
}
