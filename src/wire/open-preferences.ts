/** Wires the page of preferences: what its routes ask, answered by the verbs of `app`. */
import { describeSubscriber } from '../app/subscribers/describe-subscriber.ts';
import { offerTags } from '../app/entries/offer-tags.ts';
import {
  agreeByToken,
  askBack,
  askToMove,
  choosePreferences,
  eraseByToken,
  lookAtMove,
} from '../app/subscribers/preferences.ts';
import type { Renga } from '../app/renga.ts';
import type { Config } from '../config/config.ts';
import type { MoveMeans } from '../http/move-routes.ts';
import type { PreferencesMeans } from '../http/preferences-routes.ts';
import { renderErasePage, renderPreferencesPage } from '../render/pages/render-preferences-page.ts';

type Answered =
  | 'renderPreferences'
  | 'renderErase'
  | 'choose'
  | 'askToMove'
  | 'askBack'
  | 'describe'
  | 'eraseByToken';

export function openPreferences(
  renga: Pick<Renga, 'store' | 'clock' | 'texts' | 'publication' | 'series'> & {
    readonly workshop: Pick<Renga['workshop'], 'template'>;
    readonly cache: Pick<Renga['cache'], 'get'>;
  },
  { limits, tags: named }: Pick<Config['subscribe'], 'limits' | 'tags'>,
): Pick<PreferencesMeans, Answered> & Pick<MoveMeans, 'lookAtMove' | 'agreeToMove'> {
  const { store, clock, texts, publication, series, cache } = renga;
  const tags = (): readonly string[] => offerTags(cache, named);
  return {
    renderPreferences: async (page) =>
      await renderPreferencesPage(renga, { series, tags: tags(), now: clock() }, page),
    renderErase: async (page) => await renderErasePage(renga, page),
    choose: async (subscriber, fields) => {
      const names = series.map(({ name }) => name);
      return await choosePreferences(renga, subscriber, fields, {
        series: names,
        tags: tags(),
        zone: publication.zone,
      });
    },
    askToMove: async (subscriber, address) => await askToMove(renga, subscriber, address),
    askBack: async (subscriber, visitor) => {
      const words = texts.say('preferences.come-back');
      return await askBack(renga, subscriber, { words, visitor, limits });
    },
    describe: async ({ id }) => {
      const known = await describeSubscriber({ store }, id);
      return known && `${JSON.stringify(known, null, 2)}\n`;
    },
    eraseByToken: async (token, address) => await eraseByToken(renga, token, address),
    lookAtMove: async (token) => await lookAtMove(renga, token),
    agreeToMove: async (token) => await agreeByToken(renga, token),
  };
}
