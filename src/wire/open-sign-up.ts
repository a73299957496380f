/** Wires the way into the list: what the routes of the web server ask, answered by the verbs of `app`. */
import {
  askToSubscribe,
  comeBackByToken,
  confirmByToken,
  isOwnForm,
  lookAtConfirmation,
  lookAtLeaving,
  makeFormToken,
  makePreferencesToken,
  renewConfirmation,
} from '../app/subscribers/subscribe.ts';
import type { Renga } from '../app/renga.ts';
import type { Config } from '../config/config.ts';
import { readSignUpFields } from '../domain/sign-up-fields.ts';
import type { ConfirmMeans } from '../http/confirm-routes.ts';
import type { Asking, AskAnswer, SubscribeMeans } from '../http/subscribe-routes.ts';
import { renderSubscribePage } from '../render/pages/render-subscribe-page.ts';

export type SignUpSettings = Pick<Config, 'subscribe' | 'server'>;

export function openSignUp(
  renga: Pick<Renga, 'store' | 'clock' | 'texts' | 'publication' | 'series'> & {
    readonly workshop: Pick<Renga['workshop'], 'template'>;
  },
  { subscribe, server }: SignUpSettings,
): SubscribeMeans & ConfirmMeans {
  const { texts, publication, clock } = renga;
  const { limits, sites, tags } = subscribe;
  const series = renga.series.map(({ name }) => name);
  return {
    publication,
    texts,
    sites,
    proxies: server.proxies,
    renderForm: async (typed, faults) =>
      await renderSubscribePage(renga, {
        token: await makeFormToken(renga),
        series: renga.series,
        tags,
        typed,
        faults,
        now: clock(),
      }),
    ask: async (asking) => await ask(renga, subscribe, series, asking),
    secondsUntil: (time) => Math.max(1, Math.ceil(time.since(clock()).total('seconds'))),
    lookAtConfirmation: async (token) => await lookAtConfirmation(renga, token),
    makePreferencesToken: async (subscriber) => await makePreferencesToken(renga, subscriber),
    confirm: async (token) => await confirmByToken(renga, token),
    renew: async (token, visitor) =>
      await renewConfirmation(renga, token, { visitor, isTrusted: false }, limits),
    lookAtLeaving: async (token) => await lookAtLeaving(renga, token),
    comeBack: async (token) => await comeBackByToken(renga, token),
  };
}

async function ask(
  renga: Pick<Renga, 'store' | 'clock' | 'texts' | 'publication'>,
  { limits, keepOrigin }: Config['subscribe'],
  series: readonly string[],
  { fields, source, origin, visitor, formToken }: Asking,
): Promise<AskAnswer> {
  const reading = readSignUpFields(fields, series);
  if (reading.kind === 'wrong') return reading;
  const isTrusted = formToken !== '' && (await isOwnForm(renga, formToken));
  const signUp = {
    address: reading.address,
    name: reading.name,
    series: reading.series,
    tags: reading.tags,
    source: isTrusted ? 'subscribe page' : source,
    words: renga.texts.say('subscribe.consent', { publication: renga.publication.title }),
    origin: keepOrigin ? origin : null,
  };
  return await askToSubscribe(renga, signUp, { visitor, isTrusted }, limits);
}
