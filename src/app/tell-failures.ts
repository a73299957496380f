/** Tells a failure once, and not again each time it is met until it is over. */
import type { Renga } from './renga.ts';

export type FailureTeller = {
  readonly failed: (error: unknown) => void;
  /** It went well: the next failure is news, whatever it says. */
  readonly wentWell: () => void;
};

export function openFailureTeller({ report }: Pick<Renga, 'report'>): FailureTeller {
  let last: string | null = null;
  return {
    failed: (error) => {
      const text = String(error);
      if (text !== last) report({ kind: 'round-failed', error });
      last = text;
    },
    wentWell: () => {
      last = null;
    },
  };
}
