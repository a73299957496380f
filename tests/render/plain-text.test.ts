import { array, assert as assertProperty, constantFrom, property, string } from 'fast-check';
import { Marked } from 'marked';
import { expect, it } from 'vitest';
import { renderMarkdown } from '../../src/render/render-markdown.ts';

/** What begins or ends a text in Markdown, and what nearly does. */
const PIECES =
  'a|word |two  |three   |\n|  \n|\\\n|\n\n|*|**|_|__|~|~~|`|``|\\*|\\|<|<b>|</b>|[|](|](u)|![|]|!|&|&#65;|&#x41;|&amp;|http|https://a.example/|HTTP://b.example|ftp://c.example|www.|www.d.example|e@f.example|@|mailto:|xmpp:|mailto:g@h.example|xhttp|#|日本|é|🪭|(|)|.|,|"|\'|:'.split(
    '|',
  );

/** Cells of a table say what they are and how they are aligned in our own way. */
const sayAlignment = (html: string): string =>
  html
    .replaceAll('<th', '<th scope="col"')
    .replaceAll('<th scope="col"ead', '<thead')
    .replaceAll(/<(th scope="col"|td) align="(\w+)"/g, '<$1 class="align-$2"');

it('reads plain text as the package itself does', () => {
  const marked = new Marked({ gfm: true, async: false });
  const piece = constantFrom(...PIECES);
  assertProperty(
    property(array(piece, { maxLength: 20 }), string({ maxLength: 4 }), (pieces, rest) => {
      const text = `x${pieces.join('')}${rest}`;
      expect(renderMarkdown(text, 'slug')).toBe(sayAlignment(marked.parse(text, { async: false })));
    }),
    { numRuns: 5000 },
  );
});
