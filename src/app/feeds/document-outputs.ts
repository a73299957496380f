/** A feed document as outputs: three files of one rendering. Thousands of them live from round to round, so what makes them is looked up when it is needed. */
import type { Output } from '../../domain/output.ts';
import { PLAIN_PODCAST } from '../../domain/podcast.ts';
import { FEED_FILES, type FeedDocument, type FeedFormat } from '../../render/feeds/feed-document.ts';
import { composeContent } from '../../render/feeds/feed-entry.ts';
import { type FeedJob, plainEntry } from '../../render/feeds/feed-job.ts';
import { loadEntry, type PreparedEntry } from '../entries/prepare-entries.ts';
import { giveWay } from '../give-way.ts';
import type { Renga } from '../renga.ts';
import { fingerprintOf } from './fingerprint-document.ts';
import type { FeedJudge } from './judge-feeds.ts';
import type { FeedPlan } from './plan-feeds.ts';
import { readTexts, type TextReader } from './read-texts.ts';

export type Publisher = Pick<Renga, 'publication' | 'settings' | 'version'> &
  Pick<FeedPlan, 'base'> & { readonly desk: PressDesk };

export type DocumentPlan = Pick<FeedDocument, 'folder' | 'history' | 'hubs' | 'deleted'> & {
  /** Whether JSON says each text once more as plain text. */
  readonly hasPlainText: boolean;
} & Partial<Pick<FeedDocument, 'feedFolder' | 'title' | 'homeUrl'>>;

/** A document before it is rendered. */
type PlannedDocument = {
  readonly frame: Omit<FeedDocument, 'entries' | 'textOf'> & Pick<DocumentPlan, 'hasPlainText'>;
  readonly entries: readonly PreparedEntry[];
};

/** Makes a document, all three formats or none, so that they always agree, and hands over one of them. */
export type Press = (
  document: PlannedDocument,
  format: FeedFormat,
) => Promise<Uint8Array<ArrayBuffer> | null>;

/** Where the outputs of a document find the press of the round that asks for them. */
export class PressDesk {
  press: Press | null = null;
}

export function documentOutputs(
  { publication, settings, version, desk, base }: Publisher,
  entries: readonly PreparedEntry[],
  plan: DocumentPlan,
): readonly Output[] {
  const frame: PlannedDocument['frame'] = {
    publication,
    version,
    content: settings.feeds.content,
    podcast: settings.feeds.podcast ?? PLAIN_PODCAST,
    base,
    feedFolder: '',
    title: publication.title,
    homeUrl: publication.url,
    ...plan,
  };
  const fingerprint = fingerprintOf(JSON.stringify(frame), entries);
  const document: PlannedDocument = { frame, entries };
  return FORMATS.map((format) => new FeedFile(desk, document, format, fingerprint));
}

const FORMATS = Object.keys(FEED_FILES) as readonly FeedFormat[];

class FeedFile implements Output {
  readonly #desk: PressDesk;
  readonly #document: PlannedDocument;
  readonly #format: FeedFormat;
  readonly path: string;
  readonly fingerprint: string;

  constructor(desk: PressDesk, document: PlannedDocument, format: FeedFormat, fingerprint: string) {
    this.#desk = desk;
    this.#document = document;
    this.#format = format;
    this.path = `${document.frame.folder}${FEED_FILES[format]}`;
    this.fingerprint = fingerprint;
  }

  async render(): Promise<Uint8Array | null> {
    const { press } = this.#desk;
    if (!press) throw new Error('no press was opened');
    return await press(this.#document, this.#format);
  }
}

/**
 * Documents are made in the workshop, a few at once: as many as are being written. Only the last one asked for is remembered, for the formats of one are asked for right
 * after each other, where they are asked for at all.
 */
export function openPress(reader: TextReader, judge: FeedJudge): Press {
  let last: Pressed | null = null;
  const press = (document: PlannedDocument): Pressed => {
    const { frame, entries } = document;
    const compose = async (): Promise<Omit<FeedJob, 'now'>> => await composeJob(reader, document);
    return { document, files: judge.make(frame.folder, entries, compose), taken: new Set() };
  };
  return async (document, format) => {
    if (last?.document !== document || last.taken.has(format)) last = press(document);
    last.taken.add(format);
    return (await last.files)?.[format] ?? null;
  };
}

type Pressed = {
  readonly document: PlannedDocument;
  readonly files: ReturnType<FeedJudge['make']>;
  /** Handed over to who asked for it. */
  readonly taken: Set<FeedFormat>;
};

async function composeJob(
  reader: TextReader,
  { frame: { hasPlainText, ...frame }, entries }: PlannedDocument,
): Promise<Omit<FeedJob, 'now'>> {
  await giveWay();
  const loaded = await Promise.all(entries.map(loadEntry));
  const htmls = hasPlainText ? loaded.map((entry) => composeContent(entry, frame.content)) : null;
  const texts = htmls && (await readTexts(reader, htmls));
  const deleted = frame.deleted.map(({ id, deletedAt: { epochMilliseconds } }) => ({
    id,
    deletedAt: { epochMilliseconds },
  }));
  return { ...frame, deleted, entries: loaded.map(plainEntry), texts };
}
