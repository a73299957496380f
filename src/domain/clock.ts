/** The clock as a value: handed down from `wire`, so that nothing below it reads the time by itself. */
export type Clock = () => Temporal.Instant;
