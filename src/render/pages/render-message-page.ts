/** The server's own pages (leaving, errors) in the publication's typography. */
import type { Publication } from '../../domain/publication.ts';
import type { Workshop } from '../workshop.ts';
import { composePrivateHead, composeSiteData } from './page-data.ts';

/** Plain text throughout. */
export type MessageData = {
  readonly title: string;
  readonly verse: readonly string[];
  readonly paragraphs: readonly string[];
  readonly form: { readonly action: string; readonly label: string } | null;
  readonly link?: { readonly href: string; readonly label: string };
};

/** Throws OperatorError for a broken template. */
export async function renderMessagePage(
  means: { readonly publication: Publication; readonly workshop: Pick<Workshop, 'template'> },
  message: MessageData,
): Promise<string> {
  const site = composeSiteData(means.publication);
  const page = composePrivateHead(site, message.title);
  return await means.workshop.template('page-message.liquid', { site, page, message });
}
