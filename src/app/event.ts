/** What the program tells while it works. Terminals draw it, logs write it; no verb depends on who listens. */
import type { Outcome } from '../domain/delivery.ts';
import type { NoticeKind } from '../domain/notice.ts';
import type { Pause } from '../domain/pause.ts';
import type { OperatorError } from '../domain/operator-error.ts';
import type { Problem } from '../domain/problem.ts';
import type { CallKind } from '../domain/websub.ts';

export type Event =
  | { readonly kind: 'posts-read'; readonly published: number; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'site-written';
      readonly written: number;
      readonly removed: number;
      readonly unchanged: number;
    }
  | {
      readonly kind: 'series-opened';
      readonly series: string;
      readonly backlog: number;
      readonly included: boolean;
    }
  | {
      readonly kind: 'digest-frozen';
      readonly number: number;
      readonly slot: string;
      readonly posts: number;
      readonly deliveries: number;
    }
  | { readonly kind: 'slot-missed'; readonly slot: string }
  | { readonly kind: 'slot-empty'; readonly slot: string; readonly reason: string }
  /** A run begins, with so many deliveries that may be claimed. */
  | { readonly kind: 'delivery-started'; readonly waiting: number }
  | {
      readonly kind: 'settled';
      readonly digest: number;
      readonly outcome: Outcome['kind'];
    }
  /** A claimed delivery whose subscriber left in the last moment, or that another worker has taken over. */
  | { readonly kind: 'withdrawn'; readonly digest: number }
  /** One notice left, or could not. */
  | { readonly kind: 'notice-settled'; readonly notice: NoticeKind; readonly outcome: Outcome['kind'] }
  /** No message can be made of notices of this kind: told once, until one is made. */
  | { readonly kind: 'notice-unmade'; readonly notice: NoticeKind; readonly error: unknown }
  | { readonly kind: 'released'; readonly due: number; readonly inDoubt: number }
  | { readonly kind: 'paused'; readonly pause: Pause }
  /** A request to the server that could not be answered: a bug, or a broken template. */
  | { readonly kind: 'request-failed'; readonly error: unknown }
  | { readonly kind: 'round-failed'; readonly error: unknown }
  /** Templates changed on disk while the program runs: taken as a whole, or, with one broken, none of them. */
  /** A target has the files of `public/` now. */
  | { readonly kind: 'carried'; readonly written: number; readonly removed: number }
  | { readonly kind: 'carry-failed'; readonly error: unknown }
  /** A hub knows that a topic changed. */
  | { readonly kind: 'pinged'; readonly hub: string; readonly topic: string }
  /** A call to a hub or callback that failed for good, or that may not be made at all. */
  | {
      readonly kind: 'call-given-up';
      readonly call: CallKind;
      readonly host: string;
      readonly reason: string;
    }
  | { readonly kind: 'templates-taken' }
  | { readonly kind: 'templates-refused'; readonly error: OperatorError };
