/** The page of preferences: what a subscriber gets, what was typed, and what is wrong with it. Never a name or a whole address: see `preferences-routes.ts`. */
import type { ChoiceFault, ChoiceFields } from '../../domain/choice-fields.ts';
import { pauseBounds, renderPauseDay } from '../../domain/choice-fields.ts';
import type { Series } from '../../domain/publication.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { tagKey } from '../../domain/tag.ts';
import type { TextKey, Texts } from '../../domain/texts.ts';
import { cleanLine } from '../clean-text.ts';
import { describeSchedule } from './describe-schedule.ts';
import { type PrivatePageMeans, renderPrivatePage } from './render-private-page.ts';

export type MoveFault = 'address-missing' | 'address' | 'same' | 'often';

/** What the routes know of a page they show. */
export type PreferencesPage = {
  readonly subscriber: Pick<Subscriber, 'state' | 'name' | 'series' | 'tags' | 'pausedUntil'>;
  /** As it may be shown: not the whole. */
  readonly address: string;
  /** Relative URLs. */
  readonly links: {
    readonly self: string;
    readonly move: string;
    readonly data: string;
    readonly comeBack: string;
    readonly leave: string;
  };
  /** Null: nothing yet, so what is kept is shown. */
  readonly typed: ChoiceFields | null;
  readonly faults: readonly ChoiceFault[];
  readonly done: 'saved' | 'asked-to-move' | 'asked-for-data' | null;
  readonly move: { readonly typed: string; readonly fault: MoveFault | null };
  /** Whether the mail was asked for too often. */
  readonly isDataWrong: boolean;
};

export type PreferencesOffer = {
  readonly series: readonly Series[];
  readonly tags: readonly string[];
  readonly now: Temporal.Instant;
};

/** Throws OperatorError for a broken template. */
export async function renderPreferencesPage(
  means: PrivatePageMeans,
  offer: PreferencesOffer,
  shown: PreferencesPage,
): Promise<string> {
  return await renderPrivatePage(means, 'page-preferences.liquid', {
    preferences: composePreferences(means, offer, shown),
  });
}

function composePreferences(means: PrivatePageMeans, offer: PreferencesOffer, shown: PreferencesPage) {
  const { texts } = means;
  const { address, links, subscriber, done, faults, move, isDataWrong } = shown;
  const publication = cleanLine(means.publication.title);
  const isActive = subscriber.state === 'active';
  const canReturn = subscriber.state === 'unsubscribed' || subscriber.state === 'pending';
  const isWrong = faults.length > 0 || move.fault !== null || isDataWrong;
  return {
    title: texts.say('preferences.title'),
    intro: texts.say(INTROS[subscriber.state], { publication, address }),
    done: done === null ? '' : texts.say(`preferences.${done}`),
    wrong: isWrong ? texts.say('subscribe.wrong.title') : '',
    choices: isActive ? composeChoices(means, offer, shown) : null,
    move: isActive ? composeMove(texts, move, links.move) : null,
    comeBack: canReturn ? { action: links.comeBack, button: texts.say('preferences.come-back') } : null,
    leave: isActive
      ? {
          title: texts.say('preferences.leave'),
          text: texts.say('preferences.leave-text', { publication }),
          action: links.leave,
          button: texts.say('unsubscribe.button'),
        }
      : null,
    data: subscriber.state === 'suppressed' ? null : composeData(texts, links.data, isDataWrong),
  };
}

function composeData(texts: Texts, action: string, isWrong: boolean) {
  return {
    title: texts.say('preferences.data'),
    text: texts.say('preferences.data-text'),
    action,
    wrong: isWrong ? texts.say('preferences.wrong.often') : '',
    button: texts.say('preferences.data-button'),
  };
}

function composeMove(texts: Texts, { typed, fault }: PreferencesPage['move'], action: string) {
  return {
    title: texts.say('preferences.move'),
    text: texts.say('preferences.move-text'),
    action,
    label: texts.say('preferences.move-label'),
    value: cleanLine(typed),
    wrong: fault === null ? '' : texts.say(MOVE_FAULTS[fault]),
    button: texts.say('preferences.move-button'),
  };
}

const MOVE_FAULTS = {
  'address-missing': 'subscribe.wrong.address-missing',
  address: 'subscribe.wrong.address',
  same: 'preferences.wrong.same',
  often: 'preferences.wrong.often',
} as const satisfies Readonly<Record<MoveFault, TextKey>>;

const INTROS = {
  active: 'preferences.active',
  pending: 'preferences.pending',
  unsubscribed: 'preferences.unsubscribed',
  suppressed: 'preferences.suppressed',
} as const satisfies Readonly<Record<Subscriber['state'], TextKey>>;

function composeChoices(
  { publication, texts }: PrivatePageMeans,
  offer: PreferencesOffer,
  shown: PreferencesPage,
) {
  const { subscriber, links, faults } = shown;
  const clock = { zone: publication.zone, now: offer.now };
  const { first, last } = pauseBounds(clock);
  const typed = shown.typed ?? {
    series: subscriber.series?.length === 1 ? (subscriber.series[0] ?? '') : '',
    tags: subscriber.tags ?? [],
    pausedUntil: renderPauseDay(subscriber.pausedUntil, clock),
    name: '',
    forgetsName: false,
  };
  const wrong = (fault: ChoiceFault, key: TextKeyWithoutPlaces): string =>
    faults.includes(fault) ? texts.say(key) : '';
  return {
    action: links.self,
    series: {
      label: texts.say('subscribe.series'),
      ...composeSeries(texts, offer, subscriber.series, typed.series),
      wrong: wrong('series', 'subscribe.wrong.series'),
    },
    tags: {
      label: texts.say('subscribe.tags'),
      hint: texts.say('subscribe.tags-hint'),
      choices: composeTags(offer.tags, subscriber.tags ?? [], typed.tags),
      wrong: wrong('tags', 'preferences.wrong.tags'),
    },
    pause: {
      label: texts.say('preferences.pause'),
      hint: texts.say('preferences.pause-hint'),
      value: cleanLine(typed.pausedUntil),
      first: first.toString(),
      last: last.toString(),
      wrong: wrong('pause', 'preferences.wrong.pause'),
    },
    name: {
      label: texts.say('subscribe.name'),
      value: cleanLine(typed.name),
      hint: subscriber.name === '' ? '' : texts.say('preferences.name-hint'),
      forget: subscriber.name === '' ? '' : texts.say('preferences.name-forget'),
      isForgotten: typed.forgetsName,
      wrong: wrong('name', 'subscribe.wrong.name'),
    },
    button: texts.say('preferences.button'),
  };
}

type TextKeyWithoutPlaces =
  | 'subscribe.wrong.series'
  | 'subscribe.wrong.name'
  | 'preferences.wrong.tags'
  | 'preferences.wrong.pause';

/** `only`: when the one series comes, where there is nothing to choose from. */
function composeSeries(
  texts: Texts,
  { series, now }: PreferencesOffer,
  held: Subscriber['series'],
  chosen: string,
) {
  const [first, ...others] = series;
  const names = held === null ? series.map(({ name }) => name) : held;
  if (first !== undefined && others.length === 0 && names[0] === first.name)
    return { only: describeSchedule(first, texts, now), choices: [] };
  const each = series.map((one) => ({
    value: one.name,
    name: cleanLine(one.label ?? one.name),
    hint: describeSchedule(one, texts, now),
    isChosen: one.name === chosen,
  }));
  const labels = names.map((name) => cleanLine(series.find((one) => one.name === name)?.label ?? name));
  // Whoever takes several, or one that is gone, keeps them unless they choose another.
  const isOne = names.length === 1 && series.some(({ name }) => name === names[0]);
  const kept = isOne
    ? []
    : [
        {
          value: '',
          name: texts.say('preferences.as-now'),
          hint: labels.join(', '),
          isChosen: chosen === '',
        },
      ];
  return { only: '', choices: [...each, ...kept] };
}

function composeTags(offered: readonly string[], held: readonly string[], chosen: readonly string[]) {
  const keys = new Set(chosen.map(tagKey));
  // Spelt as it is held: that is what stays.
  const spellings = new Map([...offered, ...held].map((name) => [tagKey(name), name]));
  return [...spellings].map(([key, name]) => ({ name: cleanLine(name), isChosen: keys.has(key) }));
}
