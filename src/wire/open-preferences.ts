/** Wires the page of preferences: what its routes ask, answered by the verbs of `app`. */
import { describeSubscriber } from '../app/subscribers/describe-subscriber.ts';
import { offerTags } from '../app/entries/offer-tags.ts';
import {
  agreeByToken,
  askBack,
  askToMove,
  choosePreferences,
  lookAtMove,
} from '../app/subscribers/preferences.ts';
import { askForOwnData, eraseByToken, lookAtOwnData } from '../app/subscribers/own-data.ts';
import type { Renga } from '../app/renga.ts';
import type { Config } from '../config/config.ts';
import type { MoveMeans } from '../http/move-routes.ts';
import type { OwnDataMeans } from '../http/own-data-routes.ts';
import type { PreferencesMeans } from '../http/preferences-routes.ts';
import { renderErasePage, renderOwnDataPage } from '../render/pages/render-own-data-page.ts';
import { renderPreferencesPage } from '../render/pages/render-preferences-page.ts';

type Answered = 'renderPreferences' | 'choose' | 'askToMove' | 'askBack' | 'askForOwnData';

export function openPreferences(
  renga: Pick<Renga, 'store' | 'clock' | 'texts' | 'publication' | 'series'> & {
    readonly workshop: Pick<Renga['workshop'], 'template'>;
    readonly cache: Pick<Renga['cache'], 'get'>;
  },
  { limits, tags: named }: Pick<Config['subscribe'], 'limits' | 'tags'>,
): Pick<PreferencesMeans, Answered> & Pick<MoveMeans, 'lookAtMove' | 'agreeToMove'> & OwnDataMeans {
  const { store, clock, texts, publication, series, cache } = renga;
  const tags = (): readonly string[] => offerTags(cache, named);
  return {
    publication,
    texts,
    renderPreferences: async (page) =>
      await renderPreferencesPage(renga, { series, tags: tags(), now: clock() }, page),
    renderOwnData: async (page) => await renderOwnDataPage(renga, page),
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
    askForOwnData: async (subscriber) => await askForOwnData(renga, subscriber),
    lookAtOwnData: async (token) => await lookAtOwnData(renga, token),
    describe: async ({ id }) => {
      const known = await describeSubscriber({ store }, id);
      return known && `${JSON.stringify(known, null, 2)}\n`;
    },
    eraseByToken: async (token, address) => await eraseByToken(renga, token, address),
    lookAtMove: async (token) => await lookAtMove(renga, token),
    agreeToMove: async (token) => await agreeByToken(renga, token),
  };
}
