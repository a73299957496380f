/** Loaded before the program: long waits of a process pass twenty times as fast, so that a test need not sit through them. */
const { setTimeout: wait } = globalThis;
const LONG_MILLISECONDS = 10_000;

globalThis.setTimeout = Object.assign(
  (work: (...values: unknown[]) => void, milliseconds = 0, ...values: unknown[]) =>
    wait(work, milliseconds >= LONG_MILLISECONDS ? milliseconds / 20 : milliseconds, ...values),
  wait,
);
