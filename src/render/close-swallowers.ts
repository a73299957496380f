/**
 * Elements whose content is not prose swallow all that follows them until they are closed; in the text of a writer on HTML who forgot to quote `<title>`, that would be the
 * rest of the post. What nothing closes is therefore text, as GFM §6.11 has it; what is closed is left out with its content.
 */

/** Elements whose content is not prose. */
export const SWALLOWED =
  'script style textarea option select xmp noscript noembed noframes plaintext iframe object embed applet template title svg math'.split(
    ' ',
  );

/** HTML Standard §13.1.2: it has no end tag, so it swallows nothing. */
const NEVER_CLOSED = 'embed';
const OPENING = new RegExp(
  `<(?=(${SWALLOWED.filter((name) => name !== NEVER_CLOSED).join('|')})(?:[\\s/>]|$))`,
  'gi',
);

/** Any HTML → the same, in which each of them is closed, or text. */
export function closeSwallowers(html: string): string {
  const ends = new Map<string, number>();
  const endOf = (name: string): number => {
    const known = ends.get(name) ?? html.toLowerCase().lastIndexOf(`</${name}`);
    ends.set(name, known);
    return known;
  };
  return html.replace(OPENING, (tag: string, name: string, at: number) => {
    const isClosed = name.toLowerCase() !== 'plaintext' && endOf(name.toLowerCase()) > at;
    return isClosed ? tag : '&lt;';
  });
}
