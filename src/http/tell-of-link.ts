/** What came of a link in a mail, in one sentence: `KEY.title` and `KEY.text` of the texts. */
import type { Context } from 'hono';
import type { MessagePages } from './message-pages.ts';
import { composeUnknownLink, type UnsubscribeMeans } from './unsubscribe-routes.ts';
import type { WebEnv } from './web-env.ts';

export type Told = {
  readonly text: 'move.waiting' | 'move.done' | 'move.over' | 'own-data.over' | 'erase.done';
  /** 410 for a link that is over (RFC 9110 §15.5.11). */
  readonly status: 200 | 410;
};

/** Null: nobody knows the link. */
export async function tellOfLink(
  means: Pick<UnsubscribeMeans, 'publication' | 'texts'> & { readonly pages: MessagePages },
  context: Context<WebEnv>,
  told: Told | null,
): Promise<Response> {
  const { texts, publication, pages } = means;
  if (told === null) return await pages.answer(context, 404, composeUnknownLink(means));
  const { text, status } = told;
  return await pages.answer(context, status, {
    title: texts.say(`${text}.title`),
    verse: [],
    paragraphs: [texts.say(`${text}.text`, { publication: publication.title })],
    form: null,
  });
}
