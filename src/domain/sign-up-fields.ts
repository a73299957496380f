/** The fields of a form as a visitor filled them in → what they ask for, or what is wrong with each, by field. Pure. */
import { type Address, parseAddress } from './address.ts';

/** As typed; '' and none where a field is missing. */
export type SignUpFields = {
  readonly address: string;
  readonly name: string;
  readonly series: readonly string[];
  readonly tags: readonly string[];
};

export type SignUpFault = 'address' | 'address-missing' | 'name' | 'series' | 'tags';

export type SignUpReading =
  | {
      readonly kind: 'read';
      readonly address: Address;
      readonly name: string;
      readonly series: readonly string[] | null;
      readonly tags: readonly string[] | null;
    }
  | { readonly kind: 'wrong'; readonly faults: readonly SignUpFault[] };

/** The longest name, in UTF-16 units. */
export const NAME_LENGTH = 100;
const TAGS = 20;
const TAG_LENGTH = 60;

/**
 * `offered`: names of the series there are. Who chooses none gets the only one, or the first of several; who chooses no tags gets every post.
 */
export function readSignUpFields(fields: SignUpFields, offered: readonly string[]): SignUpReading {
  const parsed = parseAddress(fields.address);
  const name = cleanField(fields.name);
  const series = distinct(fields.series);
  const tags = distinct(fields.tags);
  const faults: SignUpFault[] = [
    ...(parsed.kind === 'address'
      ? []
      : [fields.address.trim() === '' ? ('address-missing' as const) : ('address' as const)]),
    ...(name.length > NAME_LENGTH ? (['name'] as const) : []),
    ...(series.every((one) => offered.includes(one)) ? [] : (['series'] as const)),
    ...(tags.length <= TAGS && tags.every((tag) => tag.length <= TAG_LENGTH) ? [] : (['tags'] as const)),
  ];
  if (parsed.kind !== 'address' || faults.length > 0) return { kind: 'wrong', faults };
  const [first, ...others] = offered;
  const chosen = series.length > 0 || others.length === 0 || first === undefined ? series : [first];
  return {
    kind: 'read',
    address: parsed.address,
    name,
    series: chosen.length > 0 ? chosen : null,
    tags: tags.length > 0 ? tags.toSorted((one, other) => (one < other ? -1 : 1)) : null,
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(cleanField))].filter((text) => text !== '');
}

/** White space and control characters of a field become single blanks; well-formed. */
export function cleanField(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
