/** The list of all digests, newest first. One that was lost with its database is named, and leads nowhere. */
import { createHash } from 'node:crypto';
import type { Digest } from '../../domain/digest.ts';
import type { Output } from '../../domain/output.ts';
import { cleanLine } from '../clean-text.ts';
import type { PagesInput } from './page-outputs.ts';
import { composeHeadData, composeSiteData, openDates } from './page-data.ts';

const TEMPLATE = 'page-digests.liquid';

type ListInput = Pick<PagesInput, 'publication' | 'templates' | 'workshop' | 'version'> & {
  readonly digests: readonly Digest[];
};

export function digestListOutput({ publication, templates, workshop, version, digests }: ListInput): Output {
  const site = composeSiteData(publication);
  const dates = openDates(publication);
  const listed = digests.map((digest) => ({
    number: digest.number,
    series: digest.series,
    subject: cleanLine(digest.subject),
    date: dates.format(digest.frozenAt.epochMilliseconds),
    dateIso: digest.frozenAt.toString({ smallestUnit: 'second' }),
    url: digest.hasContent ? new URL(`${digest.number}/`, site.digests).href : '',
  }));
  const texts = [TEMPLATE, 'page-layout.liquid'].map((name) => templates.get(name)?.text ?? '');
  return {
    path: 'digests/index.html',
    fingerprint: createHash('sha256')
      .update(JSON.stringify([version, publication, texts, listed]))
      .digest('hex'),
    render: async () => {
      const page = composeHeadData(site, `Digests – ${site.title}`, 'digests/');
      return await workshop.template(TEMPLATE, { site, page, digests: listed });
    },
  };
}
