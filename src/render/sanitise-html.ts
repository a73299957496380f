/**
 * Any HTML → HTML that is safe in a page, a feed and a mail: no script, style, form, frame, event handler or `data:`; every URL
 * absolute, or a placeholder for a file beside the post. The one door to the package sanitize-html.
 */
import sanitize from 'sanitize-html';
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS, isAllowedValue } from './allowed-html.ts';
import { cleanText } from './clean-text.ts';
import { type ReferenceUse, renderPlaceholder, resolveReference } from './resolve-reference.ts';

export type SanitisedHtml = {
  readonly html: string;
  /** Local files as written, each once, in order. */
  readonly references: readonly string[];
};

/** Elements whose content is not prose either. */
const SWALLOWED =
  'script style textarea option select xmp noscript noembed noframes plaintext iframe object embed applet template title svg math'.split(
    ' ',
  );

/** Attributes that hold a URL, and what a reader does with it. */
const URL_ATTRIBUTES: Readonly<Record<string, ReferenceUse>> = {
  href: 'link',
  cite: 'link',
  src: 'resource',
  poster: 'resource',
};

export function sanitiseHtml(html: string, pageUrl: string): SanitisedHtml {
  const references = new Set<string>();
  const seenIds = new Set<string>();
  const clean = sanitize(cleanText(html), {
    allowedTags: [...ALLOWED_TAGS],
    allowedAttributes: Object.fromEntries(
      Object.entries(ALLOWED_ATTRIBUTES).map(([tag, names]) => [tag, [...names]]),
    ),
    allowedClasses: {
      code: ['language-*'],
      ol: ['footnotes'],
      ul: ['tasks'],
      td: ['align-*'],
      th: ['align-*'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'renga-asset'],
    allowedSchemesAppliedToAttributes: Object.keys(URL_ATTRIBUTES),
    allowProtocolRelative: false,
    selfClosing: ['br', 'col', 'hr', 'img', 'source', 'track', 'wbr'],
    nonTextTags: SWALLOWED,
    nestingLimit: 100,
    transformTags: {
      '*': (tagName, attribs) => ({
        tagName,
        attribs: rewriteAttributes({ tagName, attribs, pageUrl, references, seenIds }),
      }),
    },
  });
  // Character references (`&#8;`) were turned into characters meanwhile; what is taken out here can open no tag.
  return { html: cleanText(clean), references: [...references] };
}

type TagContext = {
  readonly tagName: string;
  readonly attribs: Readonly<Record<string, string>>;
  readonly pageUrl: string;
  readonly references: Set<string>;
  readonly seenIds: Set<string>;
};

function rewriteAttributes(context: TagContext): Record<string, string> {
  const { tagName, seenIds } = context;
  const rewritten: Record<string, string> = {};
  for (const [name, raw] of Object.entries(context.attribs)) {
    const value = rewriteValue(context, name, cleanText(raw));
    if (value !== null && isAllowedValue(tagName, name, value)) rewritten[name] = value;
  }
  const id = rewritten['id'] ?? '';
  if (seenIds.has(id)) delete rewritten['id'];
  seenIds.add(id);
  return { ...rewritten, ...alwaysThere(tagName, rewritten) };
}

function rewriteValue(context: TagContext, name: string, value: string): string | null {
  if (name === 'srcset') return rewriteSrcset(context, value);
  const use = URL_ATTRIBUTES[name];
  return use ? rewriteUrl(context, value, name === 'cite' ? 'resource' : use) : value;
}

function rewriteUrl(context: TagContext, value: string, use: ReferenceUse): string | null {
  const resolved = resolveReference(value, context.pageUrl, use);
  if (resolved.kind === 'refused') return null;
  if (resolved.kind === 'absolute') return resolved.url;
  context.references.add(resolved.reference);
  return renderPlaceholder(resolved.reference, resolved.fragment);
}

/** HTML Standard §4.8.4.2.1; a comma inside a URL is escaped so that the list can be split again. */
function rewriteSrcset(context: TagContext, value: string): string | null {
  const candidates = value.split(/(?<=\s[\d.]{1,9}[wx])\s*,|,\s+/).flatMap((candidate) => {
    const [url = '', descriptor = '1x', ...rest] = candidate.trim().split(/\s+/);
    const rewritten = rewriteUrl(context, url.replace(/^,+|,+$/g, ''), 'resource');
    if (rewritten === null || rest.length > 0 || !/^\d{1,6}(?:\.\d{1,3})?[wx]$/.test(descriptor)) return [];
    return [`${rewritten.replaceAll(',', '%2C')} ${descriptor}`];
  });
  return candidates.length > 0 ? candidates.join(', ') : null;
}

function alwaysThere(tagName: string, attributes: Readonly<Record<string, string>>): Record<string, string> {
  if (tagName === 'img') return { alt: attributes['alt'] ?? '', loading: 'lazy' };
  return tagName === 'audio' || tagName === 'video' ? { controls: '' } : {};
}
