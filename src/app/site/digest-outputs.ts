/**
 * The archive on the web: a page for each frozen digest, and a list of them. Made from the store, so that whoever has lost `public/` gets the same again.
 * A digest's own page is on the disk before its first message can leave: that message links to it.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FrozenContent } from '../../domain/digest.ts';
import type { Output } from '../../domain/output.ts';
import type { Publication } from '../../domain/publication.ts';
import { replaceFile } from '../../posts/write-whole-file.ts';
import { digestListOutput } from '../../render/pages/digest-list.ts';
import { renderDigestPage } from '../../render/pages/digest-page.ts';
import type { Renga } from '../renga.ts';

/** Counted up whenever the same digest gives another page than before. */
const FORM = 1;

export type Archivist = Pick<
  Renga,
  'root' | 'version' | 'publication' | 'settings' | 'templates' | 'store'
> & {
  readonly workshop: Pick<Renga['workshop'], 'template'>;
};

/** Where all digests can be read. Without pages of ours, that is the publication's own address. */
export function archiveUrlOf({ publication, settings }: Pick<Renga, 'publication' | 'settings'>): string {
  return settings.pages.enabled ? new URL('digests/', publication.url).href : publication.url;
}

/** Where the digest of that number can be read; known before it is frozen. */
export function digestUrlOf(renga: Pick<Renga, 'publication' | 'settings'>, number: number): string {
  return renga.settings.pages.enabled ? new URL(`${number}/`, archiveUrlOf(renga)).href : archiveUrlOf(renga);
}

/** All of the archive; none where the config wants no pages. */
export async function digestOutputs(renga: Archivist): Promise<readonly Output[]> {
  if (!renga.settings.pages.enabled) return [];
  const digests = await renga.store.digests.all();
  const kept = digests.filter((digest) => digest.hasContent);
  const pages = kept.map(({ number }) => pageOutput(renga, number));
  return [...pages, digestListOutput({ ...renga, digests })];
}

function pageOutput(renga: Archivist, number: number): Output {
  const { title, url, serverUrl } = renga.publication;
  return {
    path: pathOf(number),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([FORM, title, url, serverUrl, number]))
      .digest('hex'),
    render: async () => {
      const content = await renga.store.digests.content(number, 'all');
      if (!content) throw new Error(`Digest ${number} lost its content`);
      return renderPage(renga, number, content);
    },
  };
}

const pathOf = (number: number): string => `digests/${number}/index.html`;

function renderPage(
  renga: Pick<Renga, 'publication' | 'settings'>,
  number: number,
  { html }: Pick<FrozenContent, 'html'>,
): string {
  const { publication } = renga;
  return renderDigestPage({
    html,
    publication,
    url: digestUrlOf(renga, number),
    archiveUrl: archiveUrlOf(renga),
    subscribeUrl: subscribeUrlOf(publication),
  });
}

function subscribeUrlOf({ serverUrl }: Publication): string {
  return new URL('subscribe', serverUrl).href;
}

/**
 * Puts the page of a digest on the disk that is about to be frozen, from the content that it will have. Should it not be frozen after all, the next one takes its
 * number and its page.
 */
export async function writeDigestPage(
  renga: Archivist,
  number: number,
  content: Pick<FrozenContent, 'html'>,
): Promise<void> {
  if (renga.settings.pages.enabled) await write(renga, pathOf(number), renderPage(renga, number, content));
}

/** The list, once a digest was frozen. */
export async function writeDigestList(renga: Archivist): Promise<void> {
  if (!renga.settings.pages.enabled) return;
  const list = digestListOutput({ ...renga, digests: await renga.store.digests.all() });
  const text = await list.render();
  if (text !== null) await write(renga, list.path, text);
}

async function write({ root }: Pick<Renga, 'root'>, path: string, bytes: string | Uint8Array): Promise<void> {
  const file = join(root, 'public', path);
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, Buffer.from(bytes), 0o644, () => true);
}
