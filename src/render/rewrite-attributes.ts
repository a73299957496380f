/** The attributes of one element of a post, as its author wrote them → those it may keep, with every URL absolute or a placeholder. */
import { isAllowedValue } from './allowed-html.ts';
import { cleanText } from './clean-text.ts';
import { type ReferenceUse, renderPlaceholder, resolveReference } from './resolve-reference.ts';

/** Attributes that hold a URL, and what a reader does with it. */
export const URL_ATTRIBUTES: Readonly<Record<string, ReferenceUse>> = {
  href: 'link',
  cite: 'link',
  src: 'resource',
  poster: 'resource',
};

export type TagContext = {
  readonly tagName: string;
  readonly attribs: Readonly<Record<string, string>>;
  readonly pageUrl: string;
  /** Local files as written, of all elements of the post so far. */
  readonly references: Set<string>;
  readonly seenIds: Set<string>;
};

/** What is not allowed is left out; each id stays with the first element that has it. */
export function rewriteAttributes(context: TagContext): Record<string, string> {
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
