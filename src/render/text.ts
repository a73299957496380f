/**
 * Sanitised HTML → plain text made for reading: flowed near 72 columns, code and lists kept in shape, links numbered in the text and
 * listed below it. The one door to the package html-to-text.
 */
import { compile, type DomNode, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';
import { cleanText } from './clean-text.ts';
import { dropWaysBack } from './drop-ways-back.ts';
import {
  type HtmlPiece,
  parseHtmlPieces,
  piecesInside,
  renderHtmlPieces,
  textOfPieces,
} from './html-pieces.ts';

/** Columns that text is flowed into; a longer word, a URL above all, is never broken. */
export const TEXT_COLUMNS = 72;

/** `html` is sanitised. Without a newline at the end; '' for nothing. */
export function renderText(html: string): string {
  const { numbered, urls } = numberLinks(dropWaysBack(parseHtmlPieces(html)));
  const list = urls.map((url, index) => `[${index + 1}] ${url}`).join('\n');
  return [tidyLines(convert(renderHtmlPieces(numbered))), list].filter((part) => part !== '').join('\n\n');
}

/** The text of a link, then the number of its address; a link that shows its own address needs none. */
function numberLinks(pieces: readonly HtmlPiece[]): {
  readonly numbered: readonly HtmlPiece[];
  readonly urls: readonly string[];
} {
  const urls: string[] = [];
  const marks: string[] = [];
  const numbered = pieces.flatMap((piece, index): readonly HtmlPiece[] => {
    if (piece.kind === 'text' || piece.name !== 'a') return [piece];
    if (piece.kind === 'close') return [{ kind: 'text', html: marks.pop() ?? '' }];
    const url = piece.attributes.get('href') ?? '';
    const isPlain = url === '' || speaksForItself(textOfPieces(piecesInside(pieces, index)), url);
    marks.push(isPlain ? '' : ` [${numberOf(url, urls)}]`);
    return [];
  });
  return { numbered, urls };
}

/** It shows its own address, or it is the number of a footnote that stands below. */
function speaksForItself(text: string, url: string): boolean {
  const bare = (address: string) => address.replace(/^mailto:|^tel:/, '').replace(/\/$/, '');
  return bare(text) === bare(url) || (/^\d+$/.test(text) && /#.+-note-\d+$/.test(url));
}

function numberOf(url: string, urls: string[]): number {
  const known = urls.indexOf(url);
  return known >= 0 ? known + 1 : urls.push(url);
}

function tidyLines(text: string): string {
  return cleanText(text)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .replace(/^\n+|\n+$/g, '');
}

/** Pictures speak through their alt text; one without says nothing. */
const formatImage: FormatCallback = (element, _walk, builder) => {
  const alt = attributeOf(element, 'alt').trim();
  if (alt !== '') builder.addInline(`[${alt}]`, { noWordTransform: true });
};

const formatRule: FormatCallback = (_element, _walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  builder.addInline('* * *');
  builder.closeBlock({ trailingLineBreaks: 2 });
};

/** Code is never flowed: each line stands as it was, set in by four spaces. */
const formatCode: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2, isPre: true, reservedLineLength: 4 });
  walk(element.children, builder);
  builder.closeBlock({
    trailingLineBreaks: 2,
    blockTransform: (text) => text.replace(/\n+$/, '').replace(/^(?=.)/gm, '    '),
  });
};

/** `10^3`, and `word^1` for a footnote. */
const formatRaised: FormatCallback = (element, walk, builder) => {
  builder.addInline('^', { noWordTransform: true });
  walk(element.children, builder);
};

const formatStruck: FormatCallback = (element, walk, builder) => {
  builder.addInline('~', { noWordTransform: true });
  walk(element.children, builder);
  builder.addInline('~', { noWordTransform: true });
};

/** Sound and film: their address, which is all that text can give. */
const formatMedia: FormatCallback = (element, _walk, builder) => {
  const sources = [element, ...(element.children ?? [])].map((node) => attributeOf(node, 'src'));
  const url = sources.find((source) => source !== '');
  if (url !== undefined) builder.addInline(`[${element.name}: ${url}]`, { noWordTransform: true });
};

const HEADING = { leadingLineBreaks: 3, trailingLineBreaks: 2, uppercase: false };

const OPTIONS: HtmlToTextOptions = {
  wordwrap: TEXT_COLUMNS,
  // Chinese and Japanese have no spaces to break at.
  longWordSplit: { wrapCharacters: ['。', '、', '，', '！', '？', '；'], forceWrapOnLimit: false },
  formatters: {
    picture: formatImage,
    rule: formatRule,
    code: formatCode,
    raised: formatRaised,
    struck: formatStruck,
    media: formatMedia,
  },
  selectors: [
    { selector: 'img', format: 'picture' },
    { selector: 'hr', format: 'rule' },
    { selector: 'pre', format: 'code' },
    { selector: 'sup', format: 'raised' },
    { selector: 'del', format: 'struck' },
    { selector: 's', format: 'struck' },
    { selector: 'audio', format: 'media' },
    { selector: 'video', format: 'media' },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false, maxColumnWidth: 30 } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: HEADING })),
    { selector: 'ul', options: { itemPrefix: '- ' } },
  ],
};

const convert = compile(OPTIONS);

function attributeOf(node: DomNode, name: string): string {
  return (node.attribs as Record<string, string> | undefined)?.[name] ?? '';
}

/** Plain text in one paragraph → lines of at most `TEXT_COLUMNS`; a longer word stands alone. */
export function wrapText(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > TEXT_COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
