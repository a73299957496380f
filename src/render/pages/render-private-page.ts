/** Pages for one person, reached by a personal link: drawn with a template of the publication, found by no search. */
import type { Publication } from '../../domain/publication.ts';
import type { Texts } from '../../domain/texts.ts';
import type { Workshop } from '../workshop.ts';
import { composePrivateHead, composeSiteData } from './page-data.ts';

export type PrivatePageMeans = {
  readonly publication: Publication;
  readonly texts: Texts;
  readonly workshop: Pick<Workshop, 'template'>;
};

type PageData = { readonly title: string } & Readonly<Record<string, unknown>>;

/** `data`: what the template is given besides site and page, under one name. Throws OperatorError for a broken template. */
export async function renderPrivatePage(
  { publication, workshop }: PrivatePageMeans,
  template: string,
  data: Readonly<Record<string, PageData>>,
): Promise<string> {
  const site = composeSiteData(publication);
  const title = Object.values(data)[0]?.title ?? '';
  const page = composePrivateHead(site, title);
  return await workshop.template(template, { site, page, ...data });
}
