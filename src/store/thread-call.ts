/**
 * What passes between a program and its store's thread: calls of the store's verbs and their answers, as plain data. Instants do not survive the way
 * between threads, nor do the classes of errors, so both are taken apart here and put together again.
 */
import { OperatorError } from '../domain/operator-error.ts';
import type { Store } from '../domain/store.ts';
import type { WordAnswer } from './thread-words.ts';

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

export type StoreReply = StoreAnswer | WordAnswer;

type Problem =
  | { readonly kind: 'operator'; readonly message: string; readonly hint: string }
  | { readonly kind: 'other'; readonly error: unknown };

const INSTANT = '$instant';

/** Takes instants apart, however deep. Milliseconds, as the store keeps them. What has none goes as it is. */
export function packValue(value: unknown): unknown {
  if (!isComposed(value)) return value;
  if (value instanceof Temporal.Instant) return { [INSTANT]: value.epochMilliseconds };
  let changed: Record<string, unknown> | null = null;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    const packed = packValue(inner);
    if (packed === inner) continue;
    changed ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    changed[key] = packed;
  }
  return changed ?? value;
}

/** Puts instants together again, in place: what came from another thread is nobody else's. */
export function unpackValue(value: unknown): unknown {
  if (!isComposed(value)) return value;
  const milliseconds = value[INSTANT];
  if (milliseconds !== undefined) return Temporal.Instant.fromEpochMilliseconds(Number(milliseconds));
  for (const key of Object.keys(value)) {
    const inner = value[key];
    if (isComposed(inner)) value[key] = unpackValue(inner);
  }
  return value;
}

function isComposed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

export function packError(error: unknown): Problem {
  return error instanceof OperatorError
    ? { kind: 'operator', message: error.message, hint: error.hint }
    : { kind: 'other', error };
}

export function unpackError(problem: Problem): unknown {
  return problem.kind === 'operator' ? new OperatorError(problem.message, problem.hint) : problem.error;
}
