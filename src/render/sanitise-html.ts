/**
 * Any HTML → HTML that is safe in a page, a feed and a mail: no script, style, form, frame, event handler or `data:`; every URL
 * absolute, or a placeholder for a file beside the post. The one door to the package sanitize-html.
 */
import sanitize from 'sanitize-html';
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS } from './allowed-html.ts';
import { cleanText } from './clean-text.ts';
import { rewriteAttributes, URL_ATTRIBUTES } from './rewrite-attributes.ts';

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
