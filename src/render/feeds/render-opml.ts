/** OPML 2.0: all feeds of the publication in one file, for readers that import lists. Each feed once, as Atom: twice, its posts would be shown twice. */
import { cleanLine } from '../clean-text.ts';
import { escapeXml } from './escape-xml.ts';

/** Addresses are absolute. */
export type ListedFeed = { readonly title: string; readonly feedUrl: string; readonly homeUrl: string };

export function renderOpml(
  publication: { readonly title: string; readonly author: string },
  main: ListedFeed,
  ofTags: readonly ListedFeed[],
): string {
  const text = (value: string): string => escapeXml(cleanLine(value));
  const outline = ({ title, feedUrl, homeUrl }: ListedFeed): string =>
    `<outline type="rss" text="${text(title)}" title="${text(title)}" xmlUrl="${escapeXml(feedUrl)}" htmlUrl="${escapeXml(homeUrl)}"/>`;
  const tags =
    ofTags.length === 0
      ? []
      : ['    <outline text="Tags">', ...ofTags.map((feed) => `      ${outline(feed)}`), '    </outline>'];
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<opml version="2.0">',
    '  <head>',
    `    <title>${text(publication.title)}</title>`,
    `    <ownerName>${text(publication.author)}</ownerName>`,
    '    <docs>http://opml.org/spec2.opml</docs>',
    '  </head>',
    '  <body>',
    `    ${outline(main)}`,
    ...tags,
    '  </body>',
    '</opml>',
  ];
  return `${lines.join('\n')}\n`;
}
