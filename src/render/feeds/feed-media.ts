/** Sound and pictures of an entry in RSS (enclosure, Media RSS 1.5, podcast elements) and Atom (RFC 4287 §4.2.7.2), with their real length and type. */
import type { Media } from '../../domain/entry.ts';
import type { Podcast, PodcastCategory } from '../../domain/podcast.ts';
import { escapeXml } from './escape-xml.ts';
import type { FeedEntry } from './feed-entry.ts';

const MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"';
const PODCAST = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"';
/** Apple, "Podcast RSS feed requirements": artwork is one of these. */
const ARTWORK = new Set(['image/jpeg', 'image/png']);

type Channel = {
  /** As XML. */
  readonly author: string;
  readonly podcast: Podcast;
};

export function isPodcast(entries: readonly FeedEntry[]): boolean {
  return entries.some(({ media }) => media.some(({ kind }) => kind === 'audio'));
}

/** Adds to RSS what the channel says of its entries' media, and nothing where none has any. */
export function addRssMedia(xml: string, entries: readonly FeedEntry[], channel: Channel): string {
  if (entries.every(({ media }) => media.length === 0)) return xml;
  const hasSound = isPodcast(entries);
  const head = hasSound ? renderPodcast(channel) : [];
  return xml
    .replace('<rss version="2.0"', `<rss version="2.0" ${hasSound ? `${MEDIA} ${PODCAST}` : MEDIA}`)
    .replace(
      /\n( *)<lastBuildDate>/,
      (line, indent: string) => head.map((element) => `\n${indent}${element}`).join('') + line,
    );
}

/** Apple, "A Podcaster’s Guide to RSS": what the channel says. */
function renderPodcast({ author, podcast }: Channel): readonly string[] {
  const { category, explicit, imageUrl } = podcast;
  return [
    `<itunes:author>${author}</itunes:author>`,
    `<itunes:explicit>${explicit}</itunes:explicit>`,
    ...(category ? [renderCategory(category)] : []),
    ...(imageUrl === null ? [] : [`<itunes:image href="${escapeXml(imageUrl)}"/>`]),
  ];
}

function renderCategory({ name, part }: PodcastCategory): string {
  const open = `<itunes:category text="${escapeXml(name)}"`;
  return part === null
    ? `${open}/>`
    : `${open}><itunes:category text="${escapeXml(part)}"/></itunes:category>`;
}

/** RSS 2.0 has one enclosure for an item: the sound, where there is one. `hasSound`: some item of the channel has it. */
export function renderRssMedia(media: readonly Media[], hasSound: boolean): readonly string[] {
  const [first] = media;
  if (!first) return [];
  const enclosure = `<enclosure url="${escapeXml(first.url)}" length="${first.bytes}" type="${escapeXml(first.type)}"/>`;
  const artwork = hasSound ? media.find(({ type }) => ARTWORK.has(type)) : undefined;
  return [
    enclosure,
    ...media.map(renderContent),
    ...(first.seconds === undefined ? [] : [`<itunes:duration>${first.seconds}</itunes:duration>`]),
    ...(artwork ? [`<itunes:image href="${escapeXml(artwork.url)}"/>`] : []),
  ];
}

function renderContent({ kind, url, type, bytes, size, seconds }: Media): string {
  const length = seconds === undefined ? '' : ` duration="${seconds}"`;
  const pixels = size ? ` width="${size.width}" height="${size.height}"` : '';
  return `<media:content url="${escapeXml(url)}" fileSize="${bytes}" type="${escapeXml(type)}" medium="${kind}"${length}${pixels}/>`;
}

export function renderAtomMedia(media: readonly Media[]): readonly string[] {
  return media.map(
    ({ url, type, bytes }) =>
      `<link rel="enclosure" type="${escapeXml(type)}" length="${bytes}" href="${escapeXml(url)}"/>`,
  );
}
