/** The HTML a post may use: elements, their attributes, and what each attribute may hold. Everything else is dropped, its text kept. */

const INLINE =
  'a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time u var wbr';
const BLOCK = 'h1 h2 h3 h4 h5 h6 p div blockquote pre hr details summary ul ol li dl dt dd figure figcaption';
const TABLE = 'table caption colgroup col thead tbody tfoot tr th td';
const MEDIA = 'img picture source audio video track';

export const ALLOWED_TAGS: readonly string[] = [INLINE, BLOCK, TABLE, MEDIA].join(' ').split(' ');

const CELL = ['colspan', 'rowspan', 'class'];

export const ALLOWED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  '*': ['dir', 'id', 'lang', 'title'],
  a: ['href', 'rel'],
  audio: ['src', 'controls', 'loop', 'muted'],
  blockquote: ['cite'],
  col: ['span'],
  colgroup: ['span'],
  del: ['cite', 'datetime'],
  details: ['open'],
  code: ['class'],
  img: ['src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading'],
  ins: ['cite', 'datetime'],
  li: ['value'],
  ol: ['start', 'reversed', 'type', 'class'],
  q: ['cite'],
  source: ['src', 'srcset', 'sizes', 'type', 'media'],
  td: CELL,
  th: [...CELL, 'scope'],
  time: ['datetime'],
  track: ['src', 'kind', 'srclang', 'label', 'default'],
  ul: ['class'],
  video: ['src', 'poster', 'controls', 'loop', 'muted', 'width', 'height'],
};

const NUMBER = /^\d{1,5}$/;
const FLAG = /^/;

/** Attributes not named here may hold any text. */
const VALUES: Readonly<Record<string, RegExp>> = {
  class: /^(?:language-[\w+#.-]{1,40}|footnotes|tasks|align-(?:left|center|right))$/,
  colspan: /^\d{1,3}$/,
  controls: FLAG,
  dir: /^(?:ltr|rtl|auto)$/,
  height: NUMBER,
  id: /^\S{1,300}$/,
  lang: /^[A-Za-z0-9-]{1,35}$/,
  rel: /^(?:(?:author|external|license|me|nofollow|noopener|noreferrer|tag|ugc)(?: (?!$)|$))+$/,
  rowspan: /^\d{1,3}$/,
  scope: /^(?:col|row|colgroup|rowgroup)$/,
  span: /^\d{1,3}$/,
  start: /^-?\d{1,9}$/,
  type: /^[\w.+/;= -]{1,80}$/,
  value: /^-?\d{1,9}$/,
  width: NUMBER,
};

export function isAllowedValue(tag: string, name: string, value: string): boolean {
  if (name === 'href' && tag !== 'a') return false;
  return VALUES[name]?.test(value) ?? true;
}
