/**
 * Turns for requests that waited for one thing: when it is there, a few go on in each turn of the event loop. Hundreds at once would hold up all else, each
 * of them by little.
 */

/** So many go on in one turn of the loop: some milliseconds of work, also when its code runs for the first time. */
const AT_ONCE = 4;

/** Whoever calls it goes on in a later turn of the loop, in the order of the calls. */
export function openTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const passTurn = (): void => {
    for (const goOn of waiting.splice(0, AT_ONCE)) goOn();
    if (waiting.length > 0) setImmediate(passTurn);
  };
  return async () =>
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(passTurn);
    });
}
