/**
 * The digest as documents: subject, HTML and text, pure and the same bytes every time, with a slot where each subscriber's token goes. It opens with the
 * haiku of its posts, oldest first, as linked verse. STANDARDS, "Digest messages": footer, sizes, no tracking.
 */
import type { RenderedDigest } from '../../domain/digest.ts';
import type { Entry } from '../../domain/entry.ts';
import { SLOTS } from '../../domain/message.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { cleanLine } from '../clean-text.ts';
import type { Templates } from '../templates.ts';
import type { Workshop } from '../workshop.ts';
import { composeView, type DigestInput } from './compose-view.ts';
import type { DigestView } from './digest-view.ts';
import { type Folding, foldPosts, HTML_LIMIT } from './fold-posts.ts';
import { openMjmlProcess } from './mjml-process.ts';
import { DIGEST_TEMPLATE, type Press, pressDigest, pressMail } from './press-digest.ts';
import { renderDigestText } from './render-digest-text.ts';
import { renderSubject } from './render-subject.ts';

export type { DigestInput } from './compose-view.ts';

export type DigestRenderer = {
  /** Throws OperatorError for a broken template or subject pattern, naming file and line. */
  render(input: DigestInput): Promise<RenderedDigest>;
  close(): Promise<void>;
};

/** The HTML of another mail, by the name of its template and what that sees. Throws OperatorError for a broken one. */
export type MailPress = (template: string, view: object) => Promise<string>;

/** A process for MJML is started with the first digest and kept. */
export function openDigestRenderer(options: {
  readonly templates: Templates;
  readonly workshop: Pick<Workshop, 'template' | 'pattern'>;
}): DigestRenderer & { readonly press: MailPress } {
  const mjml = openMjmlProcess();
  const press: Press = { ...options, mjml };
  return {
    render: async (input) => {
      const subject = await renderSubject(options.workshop, input);
      const { html, view } = await renderWithin(press, input, subject);
      checkTokens(html, view, press);
      const folded = input.entries.slice(view.posts.length).map(({ post }) => cleanLine(post.title));
      return { subject, html, text: renderDigestText(view), folded };
    },
    press: async (template, view) => await pressMail(press, template, view),
    close: () => mjml.close(),
  };
}

/** Enough to fill the room to a few hundredths. */
const MOST_RENDERINGS = 8;
const CLOSE_ENOUGH = 0.02;

type Pressed = { readonly html: string; readonly view: DigestView };

/** `full` and `summary` are obeyed whatever they weigh; `auto` carries as much as fits. */
async function renderWithin(press: Press, input: DigestInput, subject: string): Promise<Pressed> {
  const { entries, series } = input;
  const pressAt = async (budget: number | null) => {
    const folding = foldPosts(entries, series.body, budget);
    const view = composeView(input, subject, folding);
    const html = await pressDigest(press, view);
    return { html, view, folding, bytes: Buffer.byteLength(html) };
  };
  if (series.body !== 'auto') return await pressAt(null);
  // What a folding weighs is only known when it is rendered: a few renderings close in on the budget that just fits.
  let [fitting, tooMuch, budget] = [0, Number.POSITIVE_INFINITY, HTML_LIMIT];
  let best: Pressed | null = null;
  for (let rendering = 1; rendering <= MOST_RENDERINGS || !best; rendering += 1) {
    const pressed = await pressAt(budget);
    const fits = pressed.bytes <= HTML_LIMIT;
    if ((fits && isWhole(pressed.folding, entries)) || isSmallest(pressed.folding)) return pressed;
    if (fits) [best, fitting] = [pressed, budget];
    else tooMuch = budget;
    if (best && tooMuch - fitting < fitting * CLOSE_ENOUGH) return best;
    const towards = budget * (HTML_LIMIT / pressed.bytes) * (fits ? 1.05 : 0.97);
    budget = Math.floor(towards > fitting && towards < tooMuch ? towards : (fitting + tooMuch) / 2);
  }
  return best;
}

function isWhole(folding: Folding, entries: readonly Entry[]): boolean {
  return folding.shown === entries.length && folding.full.size === entries.length;
}

function isSmallest(folding: Folding): boolean {
  return folding.shown === 0 && folding.verses === 0;
}

/**
 * Whoever changes the template must leave the way out in it, once: laws and RFC 8058 ask for it. The page of preferences may be linked to, once. Nothing
 * else may end with the token, for it is patched by its place.
 */
function checkTokens(html: string, { preferencesUrl }: DigestView, { templates }: Press): void {
  const all = count(html, SLOTS.token);
  const preferences = count(html, preferencesUrl);
  if (preferences <= 1 && all - preferences === 1) return;
  const path = templates.get(DIGEST_TEMPLATE)?.path ?? `templates/${DIGEST_TEMPLATE}`;
  if (preferences > 1) {
    throw new OperatorError(
      `${path} has ${preferences} links to the page of preferences.`,
      'Leave one link to {{ preferencesUrl }} in it, or none.',
    );
  }
  const what = all === preferences ? 'no unsubscribe link' : `${all - preferences} unsubscribe links`;
  throw new OperatorError(
    `${path} has ${what}.`,
    'Put one link to {{ unsubscribeUrl }} into it, where readers see it.',
  );
}

function count(text: string, piece: string): number {
  return text.split(piece).length - 1;
}
