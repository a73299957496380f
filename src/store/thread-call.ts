/**
 * What passes between a program and its store's thread: calls of the store's verbs and their answers, as plain data. Instants do not survive the way
 * between threads, nor do the classes of errors, so both are taken apart here and put together again.
 */
import { OperatorError } from '../domain/operator-error.ts';
import type { Store } from '../domain/store.ts';

/** The parts of a store whose verbs can be called from another thread. */
export type StorePart =
  | 'posts'
  | 'series'
  | 'digests'
  | 'ledger'
  | 'subscribers'
  | 'signUps'
  | 'notices'
  | 'addressChanges'
  | 'repairs'
  | 'websub'
  | 'volumes'
  | 'readers';
export type StoreVerb<Part extends StorePart> = keyof Store[Part] & string;

export type StoreCall =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly part: StorePart;
      readonly verb: string;
      readonly parameters: readonly unknown[];
    }
  | { readonly kind: 'close' };

export type StoreAnswer = { readonly id: number } & (
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly problem: Problem }
);

type Problem =
  | { readonly kind: 'operator'; readonly message: string; readonly hint: string }
  | { readonly kind: 'other'; readonly error: unknown };

const INSTANT = '$instant';

/** Takes instants apart, however deep. Milliseconds, as the store keeps them. */
export function packValue(value: unknown): unknown {
  if (value instanceof Temporal.Instant) return { [INSTANT]: value.epochMilliseconds };
  return mapValues(value, packValue);
}

/** Puts instants together again. */
export function unpackValue(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && INSTANT in value) {
    return Temporal.Instant.fromEpochMilliseconds(Number(value[INSTANT]));
  }
  return mapValues(value, unpackValue);
}

function mapValues(value: unknown, change: (value: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(change);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}

export function packError(error: unknown): Problem {
  return error instanceof OperatorError
    ? { kind: 'operator', message: error.message, hint: error.hint }
    : { kind: 'other', error };
}

export function unpackError(problem: Problem): unknown {
  return problem.kind === 'operator' ? new OperatorError(problem.message, problem.hint) : problem.error;
}
