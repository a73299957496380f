/** The page with the form, with what was typed and what is wrong with it. */
import type { Publication, Series } from '../../domain/publication.ts';
import type { SignUpFault, SignUpFields } from '../../domain/sign-up-fields.ts';
import type { Texts } from '../../domain/texts.ts';
import { cleanLine } from '../clean-text.ts';
import type { Workshop } from '../workshop.ts';
import { describeSchedule } from './describe-schedule.ts';
import { composeHeadData, composeSiteData } from './page-data.ts';

export type SubscribeForm = {
  /** That our own form carries. */
  readonly token: string;
  /** To choose from; asked for only where there are several. */
  readonly series: readonly Series[];
  readonly tags: readonly string[];
  readonly typed: SignUpFields;
  readonly faults: readonly SignUpFault[];
  readonly now: Temporal.Instant;
};

/** Throws OperatorError for a broken template. */
export async function renderSubscribePage(
  means: {
    readonly publication: Publication;
    readonly texts: Texts;
    readonly workshop: Pick<Workshop, 'template'>;
  },
  form: SubscribeForm,
): Promise<string> {
  const { publication, texts } = means;
  const site = composeSiteData(publication);
  const title = texts.say('subscribe.title');
  const url = new URL('subscribe', publication.serverUrl).href;
  const page = {
    ...composeHeadData(site, `${title} – ${site.title}`, ''),
    url,
    canonical: url,
    isIndexed: false,
  };
  return await means.workshop.template('page-subscribe.liquid', {
    site,
    page,
    form: composeFormData(texts, cleanLine(publication.title), form),
  });
}

function composeFormData(texts: Texts, publication: string, form: SubscribeForm): object {
  const { typed, faults, series, tags, now } = form;
  const [first] = series;
  const wrong = (...kinds: readonly SignUpFault[]): string => {
    const fault = faults.find((one) => kinds.includes(one));
    return fault === undefined ? '' : texts.say(`subscribe.wrong.${fault}`);
  };
  const isChosen = (name: string): boolean =>
    typed.series.length > 0 ? typed.series.includes(name) : name === first?.name;
  return {
    title: texts.say('subscribe.title'),
    intro: texts.say('subscribe.intro', { publication }),
    token: form.token,
    wrong: faults.length === 0 ? '' : texts.say('subscribe.wrong.title'),
    address: {
      label: texts.say('subscribe.address'),
      value: cleanLine(typed.address),
      wrong: wrong('address', 'address-missing'),
    },
    name: { label: texts.say('subscribe.name'), value: cleanLine(typed.name), wrong: wrong('name') },
    series: {
      label: texts.say('subscribe.series'),
      choices: (series.length > 1 ? series : []).map((one) => ({
        name: one.name,
        label: cleanLine(one.label ?? one.name),
        hint: describeSchedule(one, texts, now),
        isChosen: isChosen(one.name),
      })),
      wrong: wrong('series'),
    },
    tags: {
      label: texts.say('subscribe.tags'),
      hint: texts.say('subscribe.tags-hint'),
      choices: tags.map((name) => ({ name, isChosen: typed.tags.includes(name) })),
      wrong: wrong('tags'),
    },
    trap: texts.say('subscribe.trap'),
    consent: texts.say('subscribe.consent', { publication }),
    button: texts.say('subscribe.button'),
  };
}
