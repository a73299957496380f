/** `renga form`: the lines of HTML with which a page of another site signs readers up. */
import type { Renga } from '../../app/renga.ts';
import type { Series } from '../../domain/publication.ts';
import { describeSchedule } from '../../render/pages/describe-schedule.ts';
import { type Context, withRenga } from '../context.ts';

export async function runForm(context: Context): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const { publication, texts, series } = renga;
    const [first, ...others] = series;
    const choice =
      first === undefined || others.length === 0
        ? []
        : [
            `  <label>${escape(texts.say('subscribe.series'))} <select name="series">${series.map((one) => renderOption(renga, one)).join('')}</select></label>`,
          ];
    const consent = texts.say('subscribe.consent', { publication: publication.title });
    const lines = [
      `<form method="post" action="${escape(new URL('subscribe', publication.serverUrl).href)}">`,
      `  <label>${escape(texts.say('subscribe.address'))} <input name="address" type="email" autocomplete="email" required></label>`,
      ...choice,
      `  <button>${escape(texts.say('subscribe.button'))}</button> <small>${escape(consent)}</small>`,
      '</form>',
    ];
    context.terminal.write(`${lines.join('\n')}\n`);
  });
}

function renderOption({ texts, clock }: Pick<Renga, 'texts' | 'clock'>, series: Series): string {
  const words = [series.label ?? series.name, describeSchedule(series, texts, clock())].filter(Boolean);
  return `<option value="${escape(series.name)}">${escape(words.join(', '))}</option>`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
