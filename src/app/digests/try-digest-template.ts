/**
 * Tries a publication's own digest template when it was changed, whether or not a digest is due: whoever broke it hears of it today, and not
 * on the morning that the digest should go out.
 */
import { hash } from 'node:crypto';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Series } from '../../domain/publication.ts';
import { loadEntry, type PreparedEntry } from '../entries/prepare-entries.ts';
import { renderContents } from './render-contents.ts';
import type { Renga } from '../renga.ts';

const TEMPLATE = 'digest.mjml';
/** Kept in the cache: the hash of all that was found to be right together. */
const KIND = 'tried-template';

type Trier = Pick<
  Renga,
  'publication' | 'settings' | 'series' | 'templates' | 'cache' | 'digestRenderer' | 'store' | 'version'
>;

/** At most one problem. Renga's own template, and one that was found right before, cost nothing. */
export async function tryDigestTemplate(
  renga: Trier,
  newest: PreparedEntry | undefined,
): Promise<readonly Problem[]> {
  const template = renga.templates.get(TEMPLATE);
  const series = renga.series[0];
  const isTheirs = template?.path === `templates/${TEMPLATE}`;
  if (!isTheirs || !series || !newest) return [];
  const tried = markOf(renga, series);
  if (renga.cache.get(KIND, TEMPLATE) === tried) return [];
  try {
    await renderContents(renga, series, await renga.store.digests.nextNumber(), [await loadEntry(newest)]);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const message = `no digest can be made with it: ${error.message} ${error.hint}`;
    return [{ severity: 'warning', path: template.path, line: null, message }];
  }
  renga.cache.put(KIND, new Map([[TEMPLATE, tried]]));
  return [];
}

/** Everything that a trial depends on, but for the post: what a template may include, and what it is told. */
function markOf({ version, templates, publication, settings }: Trier, series: Series): string {
  const texts = [...templates].map(([name, { text }]) => [name, text]);
  return hash('sha256', JSON.stringify([version, texts, publication, settings, series]));
}
