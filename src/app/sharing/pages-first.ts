/**
 * Of a digest that `serve` freezes, the page goes first: where pages are carried elsewhere, nobody claims its deliveries before that was tried, for every mail of it links to
 * that page. Rounds go on meanwhile.
 */
import type { SlotReport } from '../digests/keep-slots.ts';
import type { Renga } from '../renga.ts';

export type PagesFirst = {
  /** Freezes what is due, and holds its mails back until it is carried. */
  readonly freezing: (freeze: () => Promise<readonly SlotReport[]>) => Promise<void>;
  /** Resolves while nothing is held back. */
  readonly mayClaim: () => Promise<void>;
};

/** `carry`: once from now on, well or not. `within`: milliseconds that mails wait for it. */
export function openPagesFirst(
  { targets }: Pick<Renga, 'targets'>,
  carry: () => Promise<void>,
  within: number,
): PagesFirst {
  const holds = new Set<Promise<void>>();
  const hold = (until: Promise<void>): void => {
    const held = until.finally(() => holds.delete(held));
    holds.add(held);
  };
  const freezing: PagesFirst['freezing'] = async (freeze) => {
    const frozen = Promise.withResolvers<void>();
    // Before the freeze: its deliveries are due from that moment on.
    if (targets.length > 0) hold(frozen.promise);
    try {
      const slots = await freeze();
      const isFrozen = slots.some(({ result }) => result.kind === 'frozen');
      if (isFrozen && targets.length > 0) hold(atMost(carry(), within));
    } finally {
      frozen.resolve();
    }
  };
  const mayClaim = async (): Promise<void> => {
    while (holds.size > 0) await Promise.all(holds);
  };
  return { freezing, mayClaim };
}

async function atMost(work: Promise<void>, milliseconds: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, late]);
  clearTimeout(timer);
}
