/** The fields of the page of preferences as a subscriber filled them in → what they choose, or what is wrong with each, by field. Pure. */
import { cleanField, NAME_LENGTH } from './sign-up-fields.ts';
import type { Choice, Subscriber } from './subscriber.ts';
import { tagKey } from './tag.ts';

/** As typed; '' and none where a field is missing. */
export type ChoiceFields = {
  /** Name of a series; '' leaves the series as they are. */
  readonly series: string;
  /** None: every post. */
  readonly tags: readonly string[];
  /** `2026-12-24`, or '' for no pause. */
  readonly pausedUntil: string;
  /** '' keeps the name there is: the page does not show it. */
  readonly name: string;
  readonly forgetsName: boolean;
};

export type ChoiceFault = 'series' | 'tags' | 'pause' | 'name';

export type ChoiceReading =
  | { readonly kind: 'read'; readonly choice: Choice }
  | { readonly kind: 'wrong'; readonly faults: readonly ChoiceFault[] };

/** What there is to choose from, and when it is chosen. */
export type ChoiceOffer = {
  /** Names of the series there are. */
  readonly series: readonly string[];
  readonly tags: readonly string[];
  /** IANA time zone that days are in. */
  readonly zone: string;
  readonly now: Temporal.Instant;
};

const LONGEST_PAUSE = { years: 1 } as const;

/** What a subscriber has now is always on offer to them, also where nobody else can choose it any more. */
export function readChoiceFields(
  fields: ChoiceFields,
  held: Pick<Subscriber, 'tags' | 'pausedUntil'>,
  offer: ChoiceOffer,
): ChoiceReading {
  const series = cleanField(fields.series);
  const name = cleanField(fields.name);
  const tags = readTags(fields.tags, [...(held.tags ?? []), ...offer.tags]);
  const pausedUntil = readPause(fields.pausedUntil.trim(), held.pausedUntil, offer);
  const faults: ChoiceFault[] = [
    ...(series === '' || offer.series.includes(series) ? [] : (['series'] as const)),
    ...(tags === undefined ? (['tags'] as const) : []),
    ...(pausedUntil === undefined ? (['pause'] as const) : []),
    ...(name.length > NAME_LENGTH ? (['name'] as const) : []),
  ];
  if (faults.length > 0 || tags === undefined || pausedUntil === undefined) return { kind: 'wrong', faults };
  const named = name !== '' || fields.forgetsName ? { name } : {};
  const choice = { ...(series !== '' && { series: [series] }), tags, pausedUntil, ...named };
  return { kind: 'read', choice };
}

/** The day on which a pause ends, as a form spells it; '' for none, and for one that is over. */
export function renderPauseDay(
  pausedUntil: Temporal.Instant | null,
  { zone, now }: Pick<ChoiceOffer, 'zone' | 'now'>,
): string {
  if (pausedUntil === null || Temporal.Instant.compare(pausedUntil, now) <= 0) return '';
  return pausedUntil.toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The first and the last day that a pause may end on. */
export function pauseBounds({ zone, now }: Pick<ChoiceOffer, 'zone' | 'now'>): {
  readonly first: Temporal.PlainDate;
  readonly last: Temporal.PlainDate;
} {
  const today = now.toZonedDateTimeISO(zone).toPlainDate();
  return { first: today.add({ days: 1 }), last: today.add(LONGEST_PAUSE) };
}

/** As they are spelt on offer; null for none, undefined where one is not on offer. */
function readTags(
  typed: readonly string[],
  offered: readonly string[],
): readonly string[] | null | undefined {
  const spellings = new Map(offered.toReversed().map((tag) => [tagKey(tag), tag]));
  const keys = [...new Set(typed.map((tag) => tagKey(cleanField(tag))))];
  const tags = keys.flatMap((key) => spellings.get(key) ?? []);
  if (tags.length < keys.length) return undefined;
  return tags.length === 0 ? null : tags.toSorted((one, other) => (one < other ? -1 : 1));
}

/** Undefined where it is no day, or none within the bounds. */
function readPause(
  typed: string,
  held: Temporal.Instant | null,
  offer: ChoiceOffer,
): Temporal.Instant | null | undefined {
  // A field that was not touched is not another choice, whatever the hour.
  if (typed === renderPauseDay(held, offer)) return held;
  if (typed === '') return null;
  const day = parseDay(typed);
  const { first, last } = pauseBounds(offer);
  if (!day || Temporal.PlainDate.compare(day, first) < 0 || Temporal.PlainDate.compare(day, last) > 0)
    return undefined;
  return day.toZonedDateTime(offer.zone).toInstant();
}

function parseDay(typed: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(typed)) return null;
  try {
    return Temporal.PlainDate.from(typed, { overflow: 'reject' });
  } catch {
    return null;
  }
}
