/** Wires what renders by templates, and what takes changed ones while the program runs. */
import type { Renga } from '../app/renga.ts';
import { OperatorError } from '../domain/operator-error.ts';
import { readTemplates } from '../config/read-templates.ts';
import type { DigestRenderer, MailPress } from '../render/digest/render-digest.ts';
import type { Template, Templates } from '../render/templates.ts';

/** How long a post or a template may take to render. */
export const TIME_LIMIT_MILLISECONDS = 5000;

/** `renewTexts`: see `readTexts`. */
export function refreshLater(
  renga: Renga,
  inUse: Map<string, Template>,
  renewTexts: () => Promise<boolean>,
): () => Promise<void> {
  const refreshTexts = openTextRefresh(renga, renewTexts);
  const read = async (): Promise<Templates> => await readTemplates({ root: renga.root });
  let refresh: (() => Promise<void>) | null = null;
  return async () => {
    const { openRefresh } = await import('../app/refresh-templates.ts');
    refresh ??= openRefresh(renga, { inUse, read, timeLimitMilliseconds: TIME_LIMIT_MILLISECONDS });
    await refresh();
    await refreshTexts();
  };
}

/** As templates: what is new and can be read is taken; what cannot is told, once. */
function openTextRefresh(
  { report }: Pick<Renga, 'report'>,
  renew: () => Promise<boolean>,
): () => Promise<void> {
  let told = '';
  return async () => {
    try {
      if (await renew()) report({ kind: 'templates-taken' });
      told = '';
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      if (error.message !== told) report({ kind: 'templates-refused', error });
      told = error.message;
    }
  };
}

type Renderer = DigestRenderer & { readonly press: MailPress };

/** Loaded when there is a digest or a notice to render: most runs have none. */
export function renderDigestsLater(parts: Pick<Renga, 'templates' | 'workshop'>): Renderer {
  let opening: Promise<Renderer> | null = null;
  const open = async (): Promise<Renderer> => {
    const { openDigestRenderer } = await import('../render/digest/render-digest.ts');
    return openDigestRenderer(parts);
  };
  return {
    render: async (input) => await (await (opening ??= open())).render(input),
    press: async (template, view) => await (await (opening ??= open())).press(template, view),
    close: async () => await (await opening)?.close(),
  };
}
