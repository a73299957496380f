/**
 * Lets a program that runs for months take templates that changed, between two rounds and only whole: new ones are tried with the real posts first, and
 * while one of them is broken the old ones stay in use, all of them.
 */
import { OperatorError } from '../domain/operator-error.ts';
import { openDigestRenderer } from '../render/digest/render-digest.ts';
import type { Template, Templates } from '../render/templates.ts';
import { openWorkshop } from '../render/workshop.ts';
import { checkTemplates } from './check-templates.ts';
import type { Renga } from './renga.ts';

export type TemplateSource = {
  /** The one map that the whole program works with: what is taken is put into it. */
  readonly inUse: Map<string, Template>;
  /** As they are on disk now. Throws OperatorError for one that cannot be read. */
  readonly read: () => Promise<Templates>;
  /** For one job of a trial. */
  readonly timeLimitMilliseconds: number;
};

/** To be called between rounds: it takes what is new and works, and reports what is new and does not, once. */
export function openRefresh(renga: Renga, source: TemplateSource): () => Promise<void> {
  let seen = describe(source.inUse);
  return async () => {
    const found = await errorOr(source.read());
    const looks = found instanceof OperatorError ? found.message : describe(found);
    if (looks === seen) return;
    seen = looks;
    const error = found instanceof OperatorError ? found : await tryTemplates(renga, found, source);
    if (error) return renga.report({ kind: 'templates-refused', error });
    if (found instanceof OperatorError || looks === describe(source.inUse)) return;
    source.inUse.clear();
    for (const [name, template] of found) source.inUse.set(name, template);
    renga.workshop.renew(source.inUse);
    renga.report({ kind: 'templates-taken' });
  };
}

function describe(templates: Templates): string {
  return JSON.stringify([...templates]);
}

/** The same program with other templates, and with a thread and a process of its own. */
async function tryTemplates(
  renga: Renga,
  templates: Templates,
  { timeLimitMilliseconds }: TemplateSource,
): Promise<OperatorError | null> {
  const workshop = openWorkshop({ templates, threads: 1, timeLimitMilliseconds });
  const digestRenderer = openDigestRenderer({ templates, workshop });
  try {
    const findings = await checkTemplates({
      ...renga,
      templates,
      workshop,
      digestRenderer,
      pressMail: digestRenderer.press,
    });
    return findings.find(({ error }) => error !== null)?.error ?? null;
  } finally {
    await digestRenderer.close();
    await workshop.close();
  }
}

async function errorOr<T>(asked: Promise<T>): Promise<T | OperatorError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}
