/** Tries every template with what it will really be given: the published posts, and the words of the server's own pages. Writes and sends nothing. */
import { OperatorError } from '../domain/operator-error.ts';
import { pageOutputs } from '../render/pages/page-outputs.ts';
import { type MessageData, renderMessagePage } from '../render/pages/render-message-page.ts';
import { composeTagSlug } from '../posts/compose-tag-slug.ts';
import { NOTICE_KINDS, type NoticeKind } from '../domain/notice.ts';
import { renderNotice } from '../render/notices/render-notice.ts';
import {
  type PreferencesOffer,
  type PreferencesPage,
  renderPreferencesPage,
} from '../render/pages/render-preferences-page.ts';
import { renderErasePage, renderOwnDataPage } from '../render/pages/render-own-data-page.ts';
import { renderSubscribePage, type SubscribeForm } from '../render/pages/render-subscribe-page.ts';
import { gatherPosts } from './identity/gather-posts.ts';
import { groupTags } from './entries/group-tags.ts';
import { type PreparedEntry, prepareEntries } from './entries/prepare-entries.ts';
import { previewDigest } from './digests/preview-digest.ts';
import type { Renga } from './renga.ts';

export type TemplateFinding = {
  /** What the template makes: `pages`, `digest of the series weekly`. */
  readonly subject: string;
  /** Null: it is right. */
  readonly error: OperatorError | null;
};

/** One finding for each kind of document; of a broken kind, one for each thing that is wrong with it. Without any post there is no digest to try. */
export async function checkTemplates(renga: Renga): Promise<readonly TemplateFinding[]> {
  const gathered = await gatherPosts(renga, { trustStamps: true, allowEmpty: true });
  const { entries } = await prepareEntries(renga, gathered.published, gathered);
  const findings = [...(await checkPages(renga, entries))];
  for (const series of entries.length > 0 ? renga.series : []) {
    const subject = `digest of the series ${series.name}`;
    const error = await errorOf(async () => void (await previewDigest(renga, series)));
    findings.push({ subject, error });
  }
  for (const kind of NOTICE_KINDS) {
    const finding = await checkNotice(renga, kind);
    // They are Renga's own nearly everywhere: told of where there is something to mend.
    if (finding.error) findings.push(finding);
  }
  return findings;
}

async function checkPages(
  renga: Renga,
  entries: readonly PreparedEntry[],
): Promise<readonly TemplateFinding[]> {
  const pages = renga.settings.pages.enabled ? pagesToTry(renga, entries) : [];
  // The layout is in all pages: what is wrong there is said once.
  const errors = new Map<string, OperatorError>();
  for (const work of [...pages, ...messagesToTry(renga)]) {
    const error = await errorOf(work);
    if (error) errors.set(error.message, error);
  }
  const broken = [...errors.values()].map((error) => ({ subject: 'pages', error }));
  return broken.length > 0 ? broken : [{ subject: 'pages', error: null }];
}

type Work = () => Promise<void>;

/** All pages that are no post's, and those of a few posts that are unlike each other. */
function pagesToTry(renga: Renga, entries: readonly PreparedEntry[]): readonly Work[] {
  const { publication, templates, workshop, version } = renga;
  const sample = new Set(samplePosts(entries).map(pathOf));
  const others = new Set(entries.map(pathOf).filter((path) => !sample.has(path)));
  const tags = groupTags(entries);
  return pageOutputs({ publication, entries, tags, tagSlug: composeTagSlug, templates, workshop, version })
    .filter(({ path }) => !others.has(path))
    .map((output) => async () => void (await output.render()));
}

const pathOf = ({ post }: PreparedEntry): string => `${post.slug}/index.html`;

/** The newest and the oldest, which have no neighbour on one side, and the newest with each set of things that a post may lack. */
function samplePosts(entries: readonly PreparedEntry[]): readonly PreparedEntry[] {
  const shapes = Map.groupBy(entries, ({ post, imageUrl }) =>
    [post.haiku !== null, post.author !== null, post.tags.length > 0, imageUrl !== null].join(),
  );
  const firsts = [...shapes.values()].flatMap((group) => group.slice(0, 1));
  return [...entries.slice(0, 1), ...entries.slice(-1), ...firsts];
}

const MESSAGES: readonly MessageData[] = [
  { title: 'Leave?', verse: ['one', 'two', 'three'], paragraphs: ['One.', 'Two.'], form: null },
  { title: 'Leave', verse: [], paragraphs: [], form: { action: './token', label: 'Leave' } },
];

function messagesToTry(renga: Renga): readonly Work[] {
  return [
    ...MESSAGES.map((message) => async () => void (await renderMessagePage(renga, message))),
    async () => void (await renderSubscribePage(renga, { ...FORM, ...offerOf(renga), tags: FORM.tags })),
    async () => void (await renderPreferencesPage(renga, offerOf(renga), PREFERENCES)),
    async () => void (await renderOwnDataPage(renga, { address: 'x', links: LINKS })),
    async () =>
      void (await renderErasePage(renga, { address: 'x', links: LINKS, typed: 'x', isWrong: true })),
  ];
}

const FORM: Omit<SubscribeForm, 'series' | 'now'> = {
  token: 'token',
  tags: ['one', 'two'],
  typed: { address: 'x', name: '', series: ['weekly'], tags: ['one'] },
  faults: ['address', 'name', 'series', 'tags'],
};

const X = './x';
const LINKS = { self: X, move: X, data: X, file: X, erase: X, comeBack: X, leave: X };
const PREFERENCES: PreferencesPage = {
  subscriber: { state: 'active', name: 'x', series: null, tags: ['one'], pausedUntil: null },
  address: 'x',
  links: LINKS,
  typed: null,
  faults: ['series', 'tags', 'pause', 'name'],
  done: 'saved',
  move: { typed: 'x', fault: 'address' },
  isDataWrong: true,
};

function offerOf({ series, clock }: Renga): PreferencesOffer {
  return { series, tags: ['one', 'two'], now: clock() };
}

async function checkNotice(renga: Renga, kind: NoticeKind): Promise<TemplateFinding> {
  const { publication, texts, pressMail } = renga;
  const input = { kind, publication, texts, linkBase: publication.serverUrl, detail: 'ann@example.org' };
  return {
    subject: `notice ${kind}`,
    error: await errorOf(async () => void (await renderNotice(pressMail, input))),
  };
}

async function errorOf(work: Work): Promise<OperatorError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}
