/**
 * What the server's pages and the notices say, by key, with the places that are filled in. The words themselves are in `templates/texts/LANGUAGE.yaml`: a new text
 * is a line here and one in each of those files; a test keeps them equal.
 */

const NONE = [] as const;
const PUBLICATION = ['publication'] as const;

/** Every text with the names of its places: `{publication}`. */
export const TEXTS = {
  'server.broken.title': NONE,
  'server.broken.text': NONE,
  'server.not-a-form': NONE,
  'server.limited.title': NONE,
  'server.limited.text': ['minutes'],
  'unsubscribe.title': NONE,
  'unsubscribe.ask': ['publication', 'address'],
  'unsubscribe.button': NONE,
  'unsubscribe.done.title': NONE,
  'unsubscribe.done.text': PUBLICATION,
  'unsubscribe.done.undo': NONE,
  'unsubscribe.none.title': NONE,
  'unsubscribe.none.text': ['publication', 'address'],
  'link.unknown.title': NONE,
  'link.unknown.text': NONE,
  'link.unknown.answer': PUBLICATION,
  'subscribe.title': NONE,
  'subscribe.intro': PUBLICATION,
  'subscribe.address': NONE,
  'subscribe.name': NONE,
  'subscribe.series': NONE,
  'subscribe.tags': NONE,
  'subscribe.tags-hint': NONE,
  'subscribe.trap': NONE,
  'subscribe.consent': PUBLICATION,
  'subscribe.button': NONE,
  'subscribe.done.title': NONE,
  'subscribe.done.text': PUBLICATION,
  'subscribe.done.nothing': NONE,
  'subscribe.wrong.title': NONE,
  'subscribe.wrong.address': NONE,
  'subscribe.wrong.address-missing': NONE,
  'subscribe.wrong.name': NONE,
  'subscribe.wrong.series': NONE,
  'subscribe.wrong.tags': NONE,
  'confirm.title': NONE,
  'confirm.ask': ['publication', 'address'],
  'confirm.button': NONE,
  'confirm.done.title': NONE,
  'confirm.done.text': PUBLICATION,
  'confirm.done.link': NONE,
  'confirm.expired.title': NONE,
  'confirm.expired.text': NONE,
  'confirm.expired.button': NONE,
  'confirm.expired.form': NONE,
  'confirm.left.title': NONE,
  'confirm.left.text': PUBLICATION,
  'undo.title': NONE,
  'undo.ask': ['publication', 'address'],
  'undo.button': NONE,
  'undo.done.title': NONE,
  'undo.done.text': PUBLICATION,
  'undo.expired.title': NONE,
  'undo.expired.text': PUBLICATION,
  'preferences.title': NONE,
  'preferences.active': ['publication', 'address'],
  'preferences.pending': ['publication', 'address'],
  'preferences.unsubscribed': ['publication', 'address'],
  'preferences.suppressed': ['publication', 'address'],
  'preferences.saved': NONE,
  'preferences.asked-to-move': NONE,
  'preferences.asked-for-data': NONE,
  'preferences.as-now': NONE,
  'preferences.pause': NONE,
  'preferences.pause-hint': NONE,
  'preferences.name-hint': NONE,
  'preferences.name-forget': NONE,
  'preferences.button': NONE,
  'preferences.come-back': NONE,
  'preferences.move': NONE,
  'preferences.move-text': NONE,
  'preferences.move-label': NONE,
  'preferences.move-button': NONE,
  'preferences.leave': NONE,
  'preferences.leave-text': PUBLICATION,
  'preferences.data': NONE,
  'preferences.data-text': NONE,
  'preferences.data-button': NONE,
  'preferences.wrong.tags': NONE,
  'preferences.wrong.pause': NONE,
  'preferences.wrong.same': NONE,
  'preferences.wrong.often': NONE,
  'own-data.title': NONE,
  'own-data.text': ['publication', 'address'],
  'own-data.file': NONE,
  'own-data.erase-text': NONE,
  'own-data.erase': NONE,
  'own-data.over.title': NONE,
  'own-data.over.text': PUBLICATION,
  'erase.title': NONE,
  'erase.text': PUBLICATION,
  'erase.label': ['address'],
  'erase.wrong': NONE,
  'erase.button': NONE,
  'erase.back': NONE,
  'erase.done.title': NONE,
  'erase.done.text': PUBLICATION,
  'move.title': NONE,
  'move.ask': ['publication', 'address'],
  'move.button': NONE,
  'move.waiting.title': NONE,
  'move.waiting.text': PUBLICATION,
  'move.done.title': NONE,
  'move.done.text': PUBLICATION,
  'move.over.title': NONE,
  'move.over.text': PUBLICATION,
  'schedule.each': NONE,
  'schedule.daily': ['time'],
  'schedule.weekly': ['days', 'time'],
  'schedule.monthly': ['day', 'time'],
  'schedule.next': ['date'],
  'notice.confirmation.subject': PUBLICATION,
  'notice.confirmation.text': PUBLICATION,
  'notice.confirmation.button': NONE,
  'notice.confirmation.ignore': NONE,
  'notice.already-subscribed.subject': PUBLICATION,
  'notice.already-subscribed.text': PUBLICATION,
  'notice.already-subscribed.button': NONE,
  'notice.already-subscribed.ignore': NONE,
  'notice.goodbye.subject': PUBLICATION,
  'notice.goodbye.text': PUBLICATION,
  'notice.goodbye.button': NONE,
  'notice.goodbye.ignore': NONE,
  'notice.address-change.subject': PUBLICATION,
  'notice.address-change.text': ['publication', 'address'],
  'notice.address-change.button': NONE,
  'notice.address-change.ignore': NONE,
  'notice.own-data.subject': PUBLICATION,
  'notice.own-data.text': PUBLICATION,
  'notice.own-data.button': NONE,
  'notice.own-data.ignore': NONE,
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type TextKey = keyof typeof TEXTS;
type PlaceOf<Key extends TextKey> = (typeof TEXTS)[Key][number];

export type Texts = {
  /** BCP 47: what they are written in. */
  readonly language: string;
  /** The text with its places filled in; plain, to be escaped where it is printed. */
  readonly say: <Key extends TextKey>(
    key: Key,
    ...values: [PlaceOf<Key>] extends [never] ? [] : [Readonly<Record<PlaceOf<Key>, string>>]
  ) => string;
};

/** `words` has every key: see `read-texts.ts`. */
export function openTexts(language: string, words: ReadonlyMap<TextKey, string>): Texts {
  return {
    language,
    say: (key, ...[values]) => {
      const text = words.get(key);
      if (text === undefined) throw new Error(`There is no text ${key}`);
      // In one pass: what is filled in is never read for places again.
      return text.replace(/\{([a-z]+)\}/g, (place: string, name: string) => {
        const value = (values as Readonly<Record<string, string>> | undefined)?.[name];
        return value ?? place;
      });
    },
  };
}

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(TEXTS, key);
}

/** Names in braces: those a text has, to be held against those it may have. */
export function placesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
}
