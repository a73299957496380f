/** Where a link in a post leads, decided once: an absolute URL that is safe anywhere, a file beside the post, or nowhere. */
import { cleanText } from './clean-text.ts';

export type Resolved =
  | { readonly kind: 'absolute'; readonly url: string }
  /** A file beside the post: `reference` as it is called there, with `%`, `?` and `#` escaped, without query and fragment. */
  | { readonly kind: 'local'; readonly reference: string; readonly fragment: string }
  | { readonly kind: 'refused' };

/** `link` may be followed by a person; `resource` is loaded by the document itself. */
export type ReferenceUse = 'link' | 'resource';

const SCHEMES: Readonly<Record<ReferenceUse, ReadonlySet<string>>> = {
  link: new Set(['http:', 'https:', 'mailto:', 'tel:']),
  resource: new Set(['http:', 'https:']),
};

const PLACEHOLDER = 'renga-asset:';

/** An attribute's value → where it leads. `pageUrl` is absolute. */
export function resolveReference(value: string, pageUrl: string, use: ReferenceUse): Resolved {
  // URL Standard §4.4: parsers drop these anywhere in a URL, so `java\nscript:` is a scheme as well.
  const text = value.replace(/[\t\n\r]/g, '').trim();
  if (text === '') return { kind: 'refused' };
  if (isLocal(text, use)) return splitLocal(text);
  const url = URL.parse(text, pageUrl);
  return url && SCHEMES[use].has(url.protocol) ? { kind: 'absolute', url: url.href } : { kind: 'refused' };
}

/**
 * How a local file stands in sanitised HTML until `linkAssets` knows its URL. Authors cannot write one themselves: the
 * scheme is not among those that are let through.
 */
export function renderPlaceholder(reference: string, fragment: string): string {
  const escaped = encodeURIComponent(reference);
  return `${PLACEHOLDER}${escaped}${fragment}`;
}

/** Placeholder → what it stands for, or null for any other URL. */
export function parsePlaceholder(
  url: string,
): { readonly reference: string; readonly fragment: string } | null {
  if (!url.startsWith(PLACEHOLDER)) return null;
  const [escaped = '', ...fragment] = url.slice(PLACEHOLDER.length).split('#');
  return {
    reference: decodeURIComponent(escaped),
    fragment: fragment.length > 0 ? `#${fragment.join('#')}` : '',
  };
}

/** A link to a folder is a page of the site, never a file beside the post. From the top of the site only posts are called by their file, as in Git. */
function isLocal(text: string, use: ReferenceUse): boolean {
  if (use === 'link' && /^\/posts\/[^?#]*\.(?:md|markdown)(?:$|[?#])/i.test(text)) return true;
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\#?])/i.test(text)) return false;
  const [path = ''] = text.split(/[?#]/, 1);
  return use === 'resource' || !/(?:^|\/)\.{0,2}$/.test(path);
}

function splitLocal(text: string): Resolved {
  const [, reference = '', fragment = ''] = /^([^?#]*)(?:\?[^#]*)?(#.*)?$/s.exec(text) ?? [];
  return {
    kind: 'local',
    reference: readably(reference),
    fragment: fragment.replace(/[\s"<>]/g, encodeURIComponent),
  };
}

/**
 * Markdown escapes what its author wrote plainly: `my pic.png` comes as `my%20pic.png`. Only what would mean something else in a URL stays
 * escaped, so that a name with a percent sign, which cannot be decoded as it stands, is found too.
 */
function readably(path: string): string {
  return decodeOrKeep(path).replace(/[%?#]/g, encodeURIComponent);
}

function decodeOrKeep(path: string): string {
  try {
    return cleanText(decodeURIComponent(path));
  } catch {
    return path;
  }
}
