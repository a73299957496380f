/** `renga form`: the lines of HTML with which a page of another site signs readers up. */
import { type Context, withRenga } from '../context.ts';

export async function runForm(context: Context): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const { publication, texts, series } = renga;
    const [first, ...others] = series.map(({ name }) => name);
    const choice =
      first === undefined || others.length === 0
        ? []
        : [
            `  <label>${escape(texts.say('subscribe.series'))} <select name="series">${[first, ...others].map((name) => `<option>${escape(name)}</option>`).join('')}</select></label>`,
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

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
