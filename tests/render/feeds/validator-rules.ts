/**
 * What the W3C's feed validator objects to in RSS 2.0, Atom 1.0 and the namespaces that our feeds use, after the list of its messages: each finding begins
 * with the validator's own name for it. The validator itself is a web service; these are its rules in our words, as far as our documents can break them.
 */
import { readXml, type XmlElement } from '../../../src/render/feeds/check/read-xml.ts';

const ELEMENTS =
  'a abbr acronym address area article aside audio b bdi big blockquote br button canvas caption center cite code col colgroup command data datagrid datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure footer font form header h1 h2 h3 h4 h5 h6 hgroup hr i img input ins kbd label legend li main map mark menu meter nav noscript ol optgroup option output p picture pre progress q rp rt ruby s samp section select small source span strike strong sub summary sup table tbody td textarea tfoot th thead time tr track tt u ul var video wbr'.split(
    ' ',
  );
const ATTRIBUTES =
  'abbr align alt cite class color cols colspan coords crossorigin datetime decoding default dir download for headers height hidden href hreflang id itemid itemprop itemref itemscope itemtype kind label lang loading loop media muted name open poster preload rel rev reversed rows rowspan scope sizes span src srclang srcset start summary tabindex title translate type usemap valign value width'.split(
    ' ',
  );

const RFC_822 =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const MIME = /^[\w.+-]+\/[\w.+-]+$/;
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
const TAG_URI = /^tag:[\w.@-]+,\d{4}(?:-\d{2}(?:-\d{2})?)?:[\w;/?:@&=+$.\-!~*'()%,]*$/;
const RELS =
  'alternate self hub related enclosure via current prev-archive next-archive next prev first last'.split(
    ' ',
  );
const UNIQUE_IN_CHANNEL =
  'title link description language lastBuildDate docs generator ttl pubDate image'.split(' ');
const UNIQUE_IN_ITEM =
  'title link description content:encoded guid pubDate enclosure itunes:duration itunes:image'.split(' ');
const ITUNES_SOUNDS = new Set(['mp3', 'm4a', 'mov', 'mp4', 'm4v', 'pdf']);

const all = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);
const one = (element: XmlElement, name: string): XmlElement | undefined => all(element, name)[0];
const textOf = (element: XmlElement, name: string): string => one(element, name)?.text ?? '';
const attribute = (element: XmlElement, name: string): string => element.attributes.get(name) ?? '';

const isFullUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) && URL.canParse(text);
const isUri = (text: string): boolean => !/[^\u0021-\u007e]|["<>\\^`{|}]/.test(text) && isFullUrl(text);

function findDuplicates(element: XmlElement, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => (all(element, name).length > 1 ? [`DuplicateElement ${name}`] : []));
}

export function judgeRss(text: string): readonly string[] {
  const root = readXml(text);
  const channel = one(root, 'channel');
  if (root.name !== 'rss' || attribute(root, 'version') !== '2.0' || !channel) return ['InvalidRSSVersion'];
  return [...judgeChannel(channel), ...all(channel, 'item').flatMap((item) => judgeItem(item, channel))];
}

function judgeChannel(channel: XmlElement): readonly string[] {
  const items = all(channel, 'item');
  const links = all(channel, 'atom:link');
  const self = links.filter((link) => attribute(link, 'rel') === 'self');
  const guids = items.map((item) => textOf(item, 'guid'));
  return [
    ...['title', 'link', 'description'].flatMap((name) => (one(channel, name) ? [] : [`Missing ${name}`])),
    ...findDuplicates(channel, UNIQUE_IN_CHANNEL),
    ...(new Set(guids).size === guids.length ? [] : ['DuplicateValue guid']),
    ...(self.length === 1 ? [] : ['MissingAtomSelfLink']),
    ...['link', 'docs'].flatMap((name) => (isUri(textOf(channel, name)) ? [] : [`InvalidFullLink ${name}`])),
    ...(LANGUAGE.test(textOf(channel, 'language')) ? [] : ['InvalidLanguage']),
    ...(/^[1-9]\d*$/.test(textOf(channel, 'ttl')) ? [] : ['InvalidPositiveInteger ttl']),
    ...all(channel, 'lastBuildDate').flatMap((date) => judgeRfc822(date.text)),
    // MisplacedItem: what is about the channel stands before its items.
    ...(channel.children
      .slice(channel.children.findIndex(({ name }) => name === 'item'))
      .every(({ name }) => name === 'item') || items.length === 0
      ? []
      : ['MisplacedItem']),
    ...judgePlainText(textOf(channel, 'title'), 'title'),
    ...judgePlainText(textOf(channel, 'description'), 'description'),
    ...judgeHistory(channel, links, 'fh'),
    ...links.flatMap(judgeLink),
    ...judgePodcast(channel),
  ];
}

function judgePodcast(channel: XmlElement): readonly string[] {
  const isPodcast = channel.children.some(({ name }) => name.startsWith('itunes:'));
  if (!isPodcast) return [];
  return [
    ...(/^(?:yes|no|clean|true|false|explicit)$/.test(textOf(channel, 'itunes:explicit'))
      ? []
      : ['InvalidYesNoClean']),
    ...(textOf(channel, 'itunes:author').length <= 255 ? [] : ['TooLong itunes:author']),
    ...(one(channel, 'itunes:category') ? [] : ['MissingItunesElement itunes:category']),
    ...(one(channel, 'itunes:owner') ? [] : ['MissingItunesEmail']),
    ...all(channel, 'itunes:image').flatMap((image) =>
      isUri(attribute(image, 'href')) ? [] : ['InvalidURLAttribute itunes:image'],
    ),
  ];
}

function judgeItem(item: XmlElement, channel: XmlElement): readonly string[] {
  const names = item.children.map(({ name }) => name);
  const guid = one(item, 'guid');
  const isPodcast = channel.children.some(({ name }) => name.startsWith('itunes:'));
  const findings = [
    ...findDuplicates(item, UNIQUE_IN_ITEM),
    ...(names.includes('title') || names.includes('description')
      ? []
      : ['ItemMustContainTitleOrDescription']),
    ...(guid ? [] : ['MissingGuid']),
    ...(guid && attribute(guid, 'isPermaLink') !== 'false' ? ['InvalidHttpGUID'] : []),
    ...(guid && /^\d{1,8}$/.test(guid.text) ? ['NotSufficientlyUnique'] : []),
    ...(isUri(textOf(item, 'link')) ? [] : ['InvalidFullLink link']),
    ...all(item, 'pubDate').flatMap((date) => judgeRfc822(date.text)),
    ...judgePlainText(textOf(item, 'title'), 'title'),
    ...(textOf(item, 'title').trim() === '' ? ['NotBlank title'] : []),
    ...all(item, 'category').flatMap(({ text }) => (text.trim() === '' ? ['NotBlank category'] : [])),
    ...all(item, 'category').flatMap(({ text }) => judgePlainText(text, 'category')),
    ...(names.includes('content:encoded') &&
    !names.slice(0, names.indexOf('content:encoded')).includes('description')
      ? ['NeedDescriptionBeforeContent']
      : []),
    ...(names.includes('author') && names.includes('dc:creator') ? ['DuplicateItemSemantics author'] : []),
    ...['description', 'content:encoded'].flatMap((name) =>
      all(item, name).flatMap(({ text }) => judgeHtml(text)),
    ),
    ...[...all(item, 'enclosure'), ...all(item, 'media:content')].flatMap(judgeFile),
    ...all(item, 'enclosure').flatMap((file) => {
      const extension = /\.(\w+)$/.exec(attribute(file, 'url'))?.[1] ?? 'mp3';
      return isPodcast && !ITUNES_SOUNDS.has(extension) ? [`UnsupportedItunesFormat ${extension}`] : [];
    }),
    ...all(item, 'itunes:duration').flatMap(({ text }) =>
      /^(?:\d+|(?:\d+:)?\d{1,2}:\d{2})$/.test(text) ? [] : ['InvalidDuration'],
    ),
  ];
  return findings.map((finding) => `${finding} (${guid?.text ?? 'no guid'})`);
}

function judgeFile(file: XmlElement): readonly string[] {
  const bytes = file.name === 'enclosure' ? attribute(file, 'length') : attribute(file, 'fileSize');
  const medium = attribute(file, 'medium');
  return [
    ...(isUri(attribute(file, 'url')) ? [] : [`InvalidURLAttribute ${file.name}`]),
    ...(/^\d+$/.test(bytes) ? [] : [`InvalidNonNegativeInteger ${file.name}`]),
    ...(MIME.test(attribute(file, 'type')) ? [] : [`InvalidMIMEAttribute ${file.name}`]),
    ...(['', 'image', 'audio', 'video', 'document', 'executable'].includes(medium)
      ? []
      : ['InvalidMediaMedium']),
  ];
}

export function judgeAtom(text: string): readonly string[] {
  const feed = readXml(text);
  if (feed.name !== 'feed' || attribute(feed, 'xmlns') !== 'http://www.w3.org/2005/Atom')
    return ['InvalidNamespace'];
  const entries = all(feed, 'entry');
  const links = all(feed, 'link');
  const ids = entries.map((entry) => textOf(entry, 'id'));
  const updates = entries.map((entry) => textOf(entry, 'updated'));
  const firstEntry = feed.children.findIndex(({ name }) => name === 'entry');
  const after = firstEntry < 0 ? [] : feed.children.slice(firstEntry);
  return [
    ...['id', 'title', 'updated'].flatMap((name) =>
      all(feed, name).length === 1 ? [] : [`MissingElement ${name}`],
    ),
    ...(links.some((link) => attribute(link, 'rel') === 'self') ? [] : ['MissingSelf']),
    ...links.flatMap((link) =>
      attribute(link, 'rel') === 'self' && attribute(link, 'type') !== 'application/atom+xml'
        ? ['SelfNotAtom']
        : [],
    ),
    ...findSameLinks(links),
    // MisplacedMetadata: tombstones alone may stand after entries (RFC 6721).
    ...(after.every(({ name }) => name === 'entry' || name === 'at:deleted-entry')
      ? []
      : ['MisplacedMetadata']),
    ...(new Set(ids).size === ids.length ? [] : ['DuplicateEntries']),
    ...(new Set(updates).size === updates.length ? [] : ['DuplicateUpdated']),
    ...judgeId(textOf(feed, 'id')),
    ...judgeRfc3339(textOf(feed, 'updated')),
    ...(LANGUAGE.test(attribute(feed, 'xml:lang')) ? [] : ['InvalidLanguage']),
    ...judgeHistory(feed, links, 'fh'),
    ...links.flatMap(judgeLink),
    ...all(feed, 'author').flatMap((author) =>
      textOf(author, 'name').trim() === '' ? ['NotBlank name'] : [],
    ),
    ...entries.flatMap((entry) => judgeEntry(entry, feed)),
  ];
}

function judgeEntry(entry: XmlElement, feed: XmlElement): readonly string[] {
  const links = all(entry, 'link');
  const content = one(entry, 'content');
  const findings = [
    ...['id', 'title', 'updated'].flatMap((name) =>
      all(entry, name).length === 1 ? [] : [`MissingElement ${name}`],
    ),
    ...['content', 'summary', 'published'].flatMap((name) =>
      all(entry, name).length <= 1 ? [] : [`DuplicateElement ${name}`],
    ),
    ...([entry, feed].some((element) => one(element, 'author')) ? [] : ['MissingElement author']),
    ...(content || links.some((link) => attribute(link, 'rel') === 'alternate')
      ? []
      : ['MissingContentOrAlternate']),
    ...(content || one(entry, 'summary') ? [] : ['MissingTextualContent']),
    ...findSameLinks(links.filter((link) => attribute(link, 'rel') === 'alternate')),
    ...judgeId(textOf(entry, 'id')),
    ...judgeRfc3339(textOf(entry, 'updated')),
    ...all(entry, 'published').flatMap(({ text }) => judgeRfc3339(text)),
    ...['title', 'summary', 'content'].flatMap((name) => all(entry, name).flatMap(judgeText)),
    ...all(entry, 'category').flatMap((category) =>
      attribute(category, 'term').trim() === '' ? ['AttrNotBlank term'] : [],
    ),
    ...all(entry, 'author').flatMap((author) =>
      textOf(author, 'name').trim() === '' ? ['NotBlank name'] : [],
    ),
    ...links.flatMap(judgeLink),
  ];
  return findings.map((finding) => `${finding} (${textOf(entry, 'id')})`);
}

function judgeText(element: XmlElement): readonly string[] {
  const type = attribute(element, 'type') || 'text';
  if (!['text', 'html', 'xhtml'].includes(type)) return ['InvalidTextType'];
  if (type === 'html') return judgeHtml(element.text);
  return judgeCharacters(element.text);
}

function judgeId(id: string): readonly string[] {
  if (!isFullUrl(id)) return [`InvalidFullLink id ${id}`];
  if (id.startsWith('tag:')) return TAG_URI.test(id) ? [] : [`InvalidTAG ${id}`];
  return new URL(id).href === id ? [] : [`NonCanonicalURI ${id}`];
}

function judgeLink(link: XmlElement): readonly string[] {
  const rel = attribute(link, 'rel') || 'alternate';
  const type = attribute(link, 'type');
  return [
    ...(RELS.includes(rel) ? [] : [`UnregisteredAtomLinkRel ${rel}`]),
    ...(isUri(attribute(link, 'href')) ? [] : [`InvalidURIAttribute href of ${rel}`]),
    ...(type === '' || MIME.test(type) ? [] : [`InvalidMIMEType ${type}`]),
    ...(link.text === '' ? [] : ['AtomLinkNotEmpty']),
  ];
}

/** Two with one relation, type and language. Of archives and hubs there may be several of a relation. */
function findSameLinks(links: readonly XmlElement[]): readonly string[] {
  const keys = links
    .filter((link) => attribute(link, 'rel') !== 'hub')
    .map((link) => ['rel', 'type', 'hreflang'].map((name) => attribute(link, name)).join(' '));
  return new Set(keys).size === keys.length ? [] : ['DuplicateAtomLink'];
}

/** RFC 5005. */
function judgeHistory(feed: XmlElement, links: readonly XmlElement[], prefix: string): readonly string[] {
  const has = (rel: string): boolean => links.some((link) => attribute(link, 'rel') === rel);
  const isComplete = one(feed, `${prefix}:complete`) !== undefined;
  const isArchive = one(feed, `${prefix}:archive`) !== undefined;
  return [
    ...(isComplete && ['prev-archive', 'next-archive', 'next', 'prev'].some(has)
      ? ['FeedRelInCompleteFeed']
      : []),
    ...(isComplete && has('current') ? ['CurrentNotSelfInCompleteFeed'] : []),
    ...(isArchive && !has('current') ? ['MissingCurrentInArchive'] : []),
    ...(isArchive && isComplete ? ['ArchiveIncomplete'] : []),
  ];
}

const TAG = /<([a-z][\w-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*\/?>/gi;
const WITH_VALUE = /([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|(\S+)))?/g;

function judgeHtml(html: string): readonly string[] {
  const findings = judgeCharacters(html);
  for (const [, name = '', rest = ''] of html.matchAll(TAG)) {
    if (!ELEMENTS.includes(name.toLowerCase())) findings.push(`SecurityRisk ${name}`);
    for (const [, key = '', quoted, bare] of rest.matchAll(WITH_VALUE))
      findings.push(...judgeAttribute(key.toLowerCase(), quoted ?? bare ?? ''));
  }
  return findings;
}

function judgeAttribute(name: string, value: string): readonly string[] {
  if (name === 'style') return ['DangerousStyleAttr'];
  if (!ATTRIBUTES.includes(name) && !name.startsWith('data-')) return [`SecurityRiskAttr ${name}`];
  if (!['href', 'src', 'poster', 'cite'].includes(name)) return [];
  if (/^(?:javascript|vbscript|data):/i.test(value)) return [`SecurityRisk ${name}`];
  return isFullUrl(value) || value.startsWith('#') ? [] : [`ContainsRelRef ${value}`];
}

function judgeCharacters(text: string): string[] {
  return /[\u0080-\u009f]/.test(text) ? ['BadCharacters'] : [];
}

function judgePlainText(text: string, name: string): readonly string[] {
  const isHtml = /<(?:\/?\w+)[^>]*>|&(?:#\d+|#x[\da-f]+|\w+);/i.test(text);
  return [...judgeCharacters(text), ...(isHtml ? [`ContainsHTML ${name}`] : [])];
}

function judgeRfc822(text: string): readonly string[] {
  if (!RFC_822.test(text)) return [`InvalidRFC2822Date ${text}`];
  const date = new Date(text);
  const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format(date);
  const isPlain = text.endsWith('+0000');
  if (isPlain && !text.startsWith(weekday)) return [`IncorrectDOW ${text}`];
  return date.getUTCFullYear() < 1990 ? [`ImplausibleDate ${text}`] : [];
}

function judgeRfc3339(text: string): readonly string[] {
  if (!RFC_3339.test(text) || Number.isNaN(Date.parse(text))) return [`InvalidRFC3339Date ${text}`];
  return text < '1990' ? [`ImplausibleDate ${text}`] : [];
}

export function judgeOpml(text: string): readonly string[] {
  const root = readXml(text);
  const walk = (element: XmlElement): readonly XmlElement[] => [element, ...element.children.flatMap(walk)];
  const outlines = walk(root).filter(({ name }) => name === 'outline');
  return [
    ...(/^(?:1\.[01]|2\.0)$/.test(attribute(root, 'version')) ? [] : ['InvalidOPMLVersion']),
    ...outlines.flatMap((outline) => (attribute(outline, 'text') === '' ? ['MissingAttribute text'] : [])),
    ...outlines.flatMap((outline) =>
      attribute(outline, 'type') === 'rss' && !isUri(attribute(outline, 'xmlUrl')) ? ['MissingXmlURL'] : [],
    ),
    ...outlines.flatMap((outline) =>
      outline.attributes.size > 1 && attribute(outline, 'type') === '' ? ['MissingOutlineType'] : [],
    ),
  ];
}
