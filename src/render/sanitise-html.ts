/**
 * Any HTML → HTML that is safe in a page, a feed and a mail: no script, style, form, frame, event handler or `data:`; every URL
 * absolute, or a placeholder for a file beside the post. The one door to the package sanitize-html.
 */
import sanitize from 'sanitize-html';
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS } from './allowed-html.ts';
import { cleanText } from './clean-text.ts';
import { closeSwallowers, SWALLOWED } from './close-swallowers.ts';
import { rewriteAttributes, URL_ATTRIBUTES } from './rewrite-attributes.ts';

export type SanitisedHtml = {
  readonly html: string;
  /** Local files as written, each once, in order. */
  readonly references: readonly string[];
  /** Names of elements that no feed may have, each once, in order. */
  readonly leftOut: readonly string[];
};

/** What a writer misses where it is left out. */
const MISSED = new Set(SWALLOWED).difference(new Set(['option']));

export function sanitiseHtml(html: string, pageUrl: string): SanitisedHtml {
  const references = new Set<string>();
  const seenIds = new Set<string>();
  // CommonMark §4.6: it goes on to the end of the text.
  const leftOut = new Set(html.lastIndexOf('<!--') > html.lastIndexOf('-->') ? ['!--'] : []);
  const clean = sanitize(closeSwallowers(cleanText(html)), {
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
      '*': (tagName, attribs) => {
        if (MISSED.has(tagName)) leftOut.add(tagName);
        return { tagName, attribs: rewriteAttributes({ tagName, attribs, pageUrl, references, seenIds }) };
      },
    },
  });
  // Character references (`&#8;`) were turned into characters meanwhile; what is taken out here can open no tag.
  return { html: cleanText(clean), references: [...references], leftOut: [...leftOut] };
}
