/**
 * What another server must be told to send feeds as `serve` does: types, freshness, who may read them, compression. Rendered from the headers that `serve`
 * itself sends, so that the two cannot drift apart. Static servers send no deltas (RFC 3229).
 */
import type { Publication } from '../../domain/publication.ts';
import { openFeedHeaders } from './feed-headers.ts';

export const HOSTS = ['nginx', 'apache', 'headers'] as const;
export type Host = (typeof HOSTS)[number];

export function isHost(name: string): name is Host {
  return HOSTS.some((host) => host === name);
}

/** The names feeds have, in whatever folder. */
const NAMES = ['rss.xml', 'atom.xml', 'feed.json'];
/** Said by the server itself where it compresses. */
const LEFT_OUT = new Set(['Vary', 'Content-Type']);

type Feed = {
  readonly name: string;
  readonly type: string;
  readonly fields: readonly (readonly [string, string])[];
};

const RENDERERS: Readonly<Record<Host, (feeds: readonly Feed[]) => string>> = {
  nginx: renderNginx,
  apache: renderApache,
  headers: renderHeaders,
};

export function renderSnippet(host: Host, publication: Publication): string {
  const headersOf = openFeedHeaders(publication, () => null);
  const feeds = NAMES.map((name) => {
    const { keeping, describing } = headersOf(name);
    const all = { ...keeping, ...describing };
    const fields = Object.entries(all).filter(([field]) => !LEFT_OUT.has(field));
    return { name, type: (all['Content-Type'] ?? '').replace(/;.*/, ''), fields };
  });
  return RENDERERS[host](feeds);
}

function renderNginx(feeds: readonly Feed[]): string {
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
  return `# For a server { … } of nginx whose root is public/.\n${locations.join('\n')}`;
}

function renderApache(feeds: readonly Feed[]): string {
  const files = feeds.map(({ name, type, fields }) => {
    const lines = [
      `ForceType "${type}; charset=utf-8"`,
      'SetOutputFilter DEFLATE',
      ...fields.map(([field, value]) => `Header set ${field} ${JSON.stringify(value)}`),
    ];
    return `<Files "${name}">\n${lines.map((line) => `    ${line}\n`).join('')}</Files>\n`;
  });
  return [
    '# For Apache 2.4, in its configuration or as public/.htaccess; needs mod_headers, mod_deflate, mod_mime.\n',
    '# Apache marks the tag of what it compresses, and does not know it again: both spellings are asked for.\n',
    `RequestHeader edit "If-None-Match" '^((?:W/)?")(.*)-gzip"$' '$1$2-gzip", $1$2"'\n\n`,
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
  return `# For Netlify and Cloudflare Pages: public/_headers.\n${rules.join('\n')}`;
}
