/** Sign-ups as rows, and back. */
import type { Insertable, Selectable } from 'kysely';
import { addressKey } from '../domain/address.ts';
import type { SignUp } from '../domain/sign-up.ts';
import type { SignUpsTable } from './tables.ts';

/** `now` in milliseconds. */
export function toSignUpRow(signUp: SignUp, now: number): Insertable<SignUpsTable> {
  const { address, name, series, tags, source, words, origin } = signUp;
  return {
    address,
    address_key: addressKey(address),
    name,
    series: series && JSON.stringify(series),
    tags: tags && JSON.stringify(tags),
    source,
    words,
    origin,
    asked_at: now,
    answered_at: null,
    subscriber: null,
  };
}

export function readSignUpRow(row: Selectable<SignUpsTable>): SignUp {
  const { address, name, series, tags, source, words, origin } = row;
  return { address, name, series: parseNames(series), tags: parseNames(tags), source, words, origin };
}

function parseNames(text: string | null): readonly string[] | null {
  return text === null ? null : (JSON.parse(text) as readonly string[]);
}
