/** The clock: the one place where the time is asked. */
export const now = (): Temporal.Instant => Temporal.Now.instant();
