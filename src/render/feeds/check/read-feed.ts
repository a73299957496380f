/** A written feed document of each format → what the check looks at. What its standard requires and is not there throws FeedRefused. */
import type { CheckedAddress, CheckedEntry, CheckedFeed } from './checked-feed.ts';
import { type ReadTexts, readXml, XmlFault, type XmlElement } from './read-xml.ts';

export class FeedRefused extends Error {}

export function readRss(text: string, texts?: ReadTexts): CheckedFeed {
  const rss = readXmlDocument(text, texts);
  if (rss.name !== 'rss' || rss.attributes.get('version') !== '2.0') throw new FeedRefused('is not RSS 2.0');
  const channel = only(rss, 'channel');
  textOf(channel, 'description');
  return {
    title: textOf(channel, 'title'),
    updated: textOf(channel, 'lastBuildDate'),
    addresses: [{ what: 'link', url: textOf(channel, 'link') }, ...linksOf(channel, 'atom:link')],
    self: selfOf(channel, 'atom:link'),
    entries: all(channel, 'item').map(readRssItem),
  };
}

function readRssItem(item: XmlElement): CheckedEntry {
  const id = textOf(item, 'guid');
  if (only(item, 'guid').attributes.get('isPermaLink') !== 'false')
    throw new FeedRefused(`calls the id ${id} an address`);
  return {
    id,
    // RSS 2.0, "Elements of <item>": one of title and description must be there.
    title: all(item, 'title').length === 0 ? '' : only(item, 'title').text,
    url: textOf(item, 'link'),
    published: textOf(item, 'pubDate'),
    updated: null,
    addresses: [...all(item, 'enclosure'), ...all(item, 'media:content')].map((element) => ({
      what: element.name,
      url: element.attributes.get('url') ?? '',
    })),
    htmls: [...all(item, 'description'), ...all(item, 'content:encoded')].map((element) => element.text),
  };
}

export function readAtom(text: string, texts?: ReadTexts): CheckedFeed {
  const feed = readXmlDocument(text, texts);
  if (feed.name !== 'feed' || feed.attributes.get('xmlns') !== 'http://www.w3.org/2005/Atom')
    throw new FeedRefused('is not Atom');
  textOf(feed, 'id');
  textOf(only(feed, 'author'), 'name');
  return {
    title: textOf(feed, 'title'),
    updated: textOf(feed, 'updated'),
    addresses: linksOf(feed, 'link'),
    self: selfOf(feed, 'link'),
    entries: all(feed, 'entry').map(readAtomEntry),
  };
}

function readAtomEntry(entry: XmlElement): CheckedEntry {
  const alternate = all(entry, 'link').find((link) => link.attributes.get('rel') === 'alternate');
  return {
    id: textOf(entry, 'id'),
    title: only(entry, 'title').text,
    url: alternate?.attributes.get('href') ?? '',
    published: textOf(entry, 'published'),
    updated: textOf(entry, 'updated'),
    addresses: linksOf(entry, 'link'),
    htmls: all(entry, 'content').map((element) => element.text),
  };
}

type Json = Readonly<Record<string, unknown>>;

export function readJsonFeed(text: string): CheckedFeed {
  const feed = parseJson(text);
  if (feed['version'] !== 'https://jsonfeed.org/version/1.1') throw new FeedRefused('is not JSON Feed 1.1');
  const items = feed['items'];
  if (!Array.isArray(items)) throw new FeedRefused('has no items');
  const self = stringOf(feed, 'feed_url');
  const next = feed['next_url'] === undefined ? [] : [{ what: 'next_url', url: stringOf(feed, 'next_url') }];
  const home = { what: 'home_page_url', url: stringOf(feed, 'home_page_url') };
  return {
    title: stringOf(feed, 'title'),
    updated: null,
    addresses: [home, { what: 'feed_url', url: self }, ...next],
    self,
    entries: items.map((item) => readJsonItem(item as Json)),
  };
}

function readJsonItem(item: Json): CheckedEntry {
  const attachments = (item['attachments'] ?? []) as readonly Json[];
  const image = item['image'] === undefined ? [] : [{ what: 'image', url: stringOf(item, 'image') }];
  return {
    id: stringOf(item, 'id'),
    title: stringOf(item, 'title'),
    url: stringOf(item, 'url'),
    published: stringOf(item, 'date_published'),
    updated: stringOf(item, 'date_modified'),
    addresses: [...image, ...attachments.map((file) => ({ what: 'attachment', url: stringOf(file, 'url') }))],
    htmls: [stringOf(item, 'content_html')],
  };
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FeedRefused('is not JSON');
  }
}

function stringOf(object: Json, key: string): string {
  const value = object[key];
  if (typeof value !== 'string') throw new FeedRefused(`has no ${key}`);
  return value;
}

function readXmlDocument(text: string, texts?: ReadTexts): XmlElement {
  try {
    return readXml(text, texts);
  } catch (error) {
    if (error instanceof XmlFault) throw new FeedRefused(error.message);
    throw error;
  }
}

function all(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

function only(element: XmlElement, name: string): XmlElement {
  const [first, ...others] = all(element, name);
  if (!first || others.length > 0)
    throw new FeedRefused(`has not exactly one <${name}> in <${element.name}>`);
  return first;
}

function textOf(element: XmlElement, name: string): string {
  const { text } = only(element, name);
  if (text.trim() === '') throw new FeedRefused(`has an empty <${name}> in <${element.name}>`);
  return text;
}

function linksOf(element: XmlElement, name: string): readonly CheckedAddress[] {
  return all(element, name).map(({ attributes }) => ({
    what: attributes.get('rel') ?? 'link',
    url: attributes.get('href') ?? '',
  }));
}

/** WebSub §4: exactly one. */
function selfOf(element: XmlElement, name: string): string {
  const selves = linksOf(element, name).filter(({ what }) => what === 'self');
  if (selves.length !== 1) throw new FeedRefused('does not name its own address once');
  return selves[0]?.url ?? '';
}
