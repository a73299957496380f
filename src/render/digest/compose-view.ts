/** Entries → what the digest's templates see. Text that came from posts cannot pose as a slot that is filled in for each subscriber. */
import type { ToldCorrection } from '../../domain/correction.ts';
import type { Entry } from '../../domain/entry.ts';
import { renderHaikuLine } from '../../domain/haiku.ts';
import { SLOTS } from '../../domain/message.ts';
import type { Publication, Series } from '../../domain/publication.ts';
import { cleanLine } from '../clean-text.ts';
import type { DigestView, PostView, VerseView } from './digest-view.ts';
import { fitBody } from './fit-body.ts';
import type { Folding } from './fold-posts.ts';
import { renderDate } from './render-date.ts';

export type DigestInput = {
  readonly publication: Publication;
  readonly series: Series;
  readonly number: number;
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Of posts that the series has mailed; none, if left out. */
  readonly corrections?: readonly ToldCorrection[];
  /** Ends with `SLOTS.token`. */
  readonly unsubscribeUrl: string;
  /** Ends with `SLOTS.token`. */
  readonly preferencesUrl: string;
  /** Where this digest can be read on the web. */
  readonly archiveUrl: string;
};

export function composeView(input: DigestInput, subject: string, folding: Folding): DigestView {
  const { publication, series, number, entries, archiveUrl } = input;
  const shown = entries.slice(0, folding.shown);
  return {
    ...withoutSlots({
      language: publication.language,
      publication: {
        title: cleanLine(publication.title),
        description: cleanLine(publication.description),
        author: cleanLine(publication.author),
        url: publication.url,
      },
      series: series.name,
      number,
      subject,
      preheader: composePreheader(entries),
      corrections: (input.corrections ?? []).map(({ title, url, words }) => ({
        title: cleanLine(title),
        url,
        words: cleanLine(words),
      })),
      verses: composeVerses(entries).slice(0, folding.verses),
      posts: shown.map((entry) => composePost(entry, publication, folding.full.has(entry))),
      more: { count: entries.length - shown.length, url: publication.url },
      archiveUrl,
      postalAddress: (publication.postalAddress ?? '')
        .split('\n')
        .map(cleanLine)
        .filter((line) => line !== ''),
    }),
    unsubscribeUrl: input.unsubscribeUrl,
    preferencesUrl: input.preferencesUrl,
  };
}

/** The first haiku's other lines: its first is the subject. */
function composePreheader(entries: readonly Entry[]): string {
  const [, ...others] = entries.find(({ post }) => post.haiku)?.post.haiku ?? [];
  return others.map(cleanLine).join(' / ');
}

export function composeVerses(entries: readonly Entry[]): readonly VerseView[] {
  return entries.flatMap(({ post, url }) => (post.haiku ? [{ lines: post.haiku.map(cleanLine), url }] : []));
}

function composePost(entry: Entry, publication: Publication, isFull: boolean): PostView {
  const { post, url, body, summary } = entry;
  const title = cleanLine(post.title);
  return {
    url,
    haiku: post.haiku?.map(cleanLine) ?? [],
    title: post.haiku && title === cleanLine(renderHaikuLine(post.haiku)) ? '' : title,
    date: renderDate(post.publishedAt, publication),
    html: isFull ? fitBody(body.html) : '',
    summary: isFull ? '' : cleanLine(summary),
  };
}

/** A post that spells out a slot shows it with a hyphen that looks the same and is none. */
export function withoutSlots<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  return JSON.parse(text.replaceAll(SLOTS.token, SLOTS.token.replaceAll('-', '\u2011'))) as Value;
}
