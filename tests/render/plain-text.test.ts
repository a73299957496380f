import { array, assert as assertProperty, constantFrom, pre, property, string } from 'fast-check';
import { Marked } from 'marked';
import { expect, it } from 'vitest';
import { renderMarkdown } from '../../src/render/render-markdown.ts';

/** What begins or ends a text in Markdown, and what nearly does. */
const PIECES =
  'a|word |two  |three   |\n|  \n|\\\n|\n\n|*|**|_|__|~|~~|`|``|\\*|\\|<|<b>|</b>|[|](|](u)|![|]|!|&|&#65;|&#x41;|&amp;|http|https://a.example/|HTTP://b.example|ftp://c.example|www.|www.d.example|e@f.example|@|mailto:|xmpp:|mailto:g@h.example|xhttp|#|日本|é|🪭|(|)|.|,|"|\'|:'.split(
    '|',
  );

it('reads plain text as the package itself does', () => {
  const marked = new Marked({ gfm: true, async: false });
  const piece = constantFrom(...PIECES);
  assertProperty(
    property(array(piece, { maxLength: 20 }), string({ maxLength: 4 }), (pieces, rest) => {
      const text = `x${pieces.join('')}${rest}`;
      const expected = marked.parse(text, { async: false });
      // Cells of a table say how they are aligned in our own way.
      pre(!expected.includes('<table>'));
      expect(renderMarkdown(text, 'slug')).toBe(expected);
    }),
    { numRuns: 5000 },
  );
});
