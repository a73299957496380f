/** Texts: whole in each language that comes with Renga, changed by the publication, English where one is missing. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTexts } from '../../src/config/read-texts.ts';
import { OperatorError } from '../../src/domain/operator-error.ts';
import { memoryCache } from '../posts/publication-folder.ts';
import { placesIn, type TextKey, TEXTS } from '../../src/domain/texts.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'renga-texts-'));
});
afterEach(async () => await rm(root, { recursive: true }));

async function write(language: string, text: string): Promise<void> {
  await mkdir(join(root, 'templates', 'texts'), { recursive: true });
  await writeFile(join(root, 'templates', 'texts', `${language}.yaml`), text);
}

it.each(['en', 'de'])('has every text in %s, each with all that is to be filled in', async (language) => {
  const { texts, problems } = await readTexts(root, language);
  expect(problems).toEqual([]);
  for (const [key, places] of Object.entries(TEXTS)) {
    const say = texts.say as (key: TextKey) => string;
    expect([key, [...new Set(placesIn(say(key as TextKey)))].toSorted()]).toEqual([
      key,
      // A subject or a sentence may do without one; none may have others.
      [...places].toSorted().filter((place) => say(key as TextKey).includes(`{${place}}`)),
    ]);
    expect(say(key as TextKey)).not.toBe('');
  }
});

it('takes what the publication says, and the rest as it is', async () => {
  await write(
    'de',
    'subscribe:\n  title: Her damit\n  button:\n    - no\n  nonsense: x\n  intro: "{address} hier"\n',
  );
  const { texts, problems } = await readTexts(root, 'de');
  expect(texts.say('subscribe.title')).toBe('Her damit');
  expect(texts.say('unsubscribe.button')).toBe('Abmelden');
  expect(texts.say('subscribe.intro', { publication: 'P' })).toMatch(/^„P“ als E-Mail/);
  expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '3: subscribe.button: must be text (a number or true needs quotes), so it is not used',
    '5: subscribe.nonsense: there is no such text, so it is not used',
    '6: subscribe.intro: {address} is not filled in here, so this text is not used',
  ]);
});

it('says in English what a language lacks, and tells', async () => {
  expect(await readTexts(root, 'fr')).toMatchObject({
    texts: { language: 'en' },
    problems: [{ severity: 'hint', path: 'templates/texts/fr.yaml' }],
  });
  await write('fr', 'subscribe:\n  title: Abonnez-vous\n');
  const { texts, problems } = await readTexts(root, 'fr-CA');
  expect([texts.language, texts.say('subscribe.title'), texts.say('undo.button')]).toEqual([
    'fr-CA',
    'Abonnez-vous',
    'Undo it',
  ]);
  expect(problems).toMatchObject([
    { severity: 'warning', message: expect.stringMatching(/^there is no text for .* more/) },
  ]);
  expect((await readTexts(root, 'de-AT')).texts.say('unsubscribe.button')).toBe('Abmelden');
});

it('names the line of what is no YAML', async () => {
  await write('en', 'subscribe:\n  title: "open\n');
  await expect(readTexts(root, 'en')).rejects.toThrow(OperatorError);
});

it('fills in once: what is filled in is never read for places', async () => {
  const { texts } = await readTexts(root, 'en');
  expect(texts.say('unsubscribe.ask', { publication: '{address}', address: '{publication}' })).toBe(
    '“{address}” is sent to {publication}. Press the button, and it no longer is.',
  );
});

it('says what the files say now, once they are read again, and stays as it was while one is broken', async () => {
  const { texts, renew } = await readTexts(root, 'en');
  expect(await renew()).toBe(false);
  await write('en', 'subscribe:\n  title: Come in\n');
  expect(texts.say('subscribe.title')).toBe('Subscribe');
  expect([await renew(), await renew()]).toEqual([true, false]);
  expect(texts.say('subscribe.title')).toBe('Come in');
  await write('en', 'subscribe: [');
  await expect(renew()).rejects.toThrow(OperatorError);
  expect(texts.say('subscribe.title')).toBe('Come in');
  await rm(join(root, 'templates'), { recursive: true });
  expect(await renew()).toBe(true);
  expect(texts.say('subscribe.title')).toBe('Subscribe');
});

it('says the same with what it kept of the files, as long as they say the same', async () => {
  const kept = memoryCache();
  const read = async () => {
    const { texts, problems } = await readTexts(root, 'en', kept);
    return [texts.say('subscribe.title'), problems.map(({ message }) => message)];
  };
  await write('en', 'subscribe:\n  title: Come in\n  titel: no such text\n');
  const first = await read();
  expect(first).toEqual(['Come in', [expect.stringContaining('there is no such text')]]);
  expect(kept.all('texts').size).toBe(2);
  expect(await read()).toEqual(first);
  await write('en', 'subscribe:\n  title: Welcome\n');
  expect(await read()).toEqual(['Welcome', []]);
});
