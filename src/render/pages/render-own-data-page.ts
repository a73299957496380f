/** The page that leads to what is kept of somebody, and the one that asks before an erasure. */
import { cleanLine } from '../clean-text.ts';
import { type PrivatePageMeans, renderPrivatePage } from './render-private-page.ts';

export type OwnDataPage = {
  /** As it may be shown: not the whole. */
  readonly address: string;
  /** Relative URLs. */
  readonly links: { readonly file: string; readonly erase: string };
};

/** Throws OperatorError for a broken template. */
export async function renderOwnDataPage(
  means: PrivatePageMeans,
  { address, links }: OwnDataPage,
): Promise<string> {
  const { texts } = means;
  const publication = cleanLine(means.publication.title);
  return await renderPrivatePage(means, 'page-own-data.liquid', {
    data: {
      title: texts.say('own-data.title'),
      text: texts.say('own-data.text', { publication, address }),
      file: { href: links.file, label: texts.say('own-data.file') },
      eraseTitle: texts.say('erase.title'),
      eraseText: texts.say('own-data.erase-text'),
      erase: { href: links.erase, label: texts.say('own-data.erase') },
    },
  });
}

export type ErasePage = {
  readonly address: string;
  readonly links: { readonly self: string; readonly erase: string };
  readonly typed: string;
  readonly isWrong: boolean;
};

/** Throws OperatorError for a broken template. */
export async function renderErasePage(means: PrivatePageMeans, shown: ErasePage): Promise<string> {
  const { texts } = means;
  const { address, links, typed, isWrong } = shown;
  const publication = cleanLine(means.publication.title);
  return await renderPrivatePage(means, 'page-erase.liquid', {
    erase: {
      title: texts.say('erase.title'),
      text: texts.say('erase.text', { publication }),
      action: links.erase,
      label: texts.say('erase.label', { address }),
      value: cleanLine(typed),
      wrong: isWrong ? texts.say('erase.wrong') : '',
      button: texts.say('erase.button'),
      back: { href: links.self, label: texts.say('erase.back') },
    },
  });
}
