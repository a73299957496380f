/** Instants as the database keeps them: integer milliseconds since 1970 in UTC, so that both databases sort and compare them alike. */

export function toMilliseconds(instant: Temporal.Instant): number {
  return instant.epochMilliseconds;
}

export function toInstant(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}

export function toMillisecondsOrNull(instant: Temporal.Instant | null): number | null {
  return instant === null ? null : toMilliseconds(instant);
}

export function toInstantOrNull(milliseconds: number | null): Temporal.Instant | null {
  return milliseconds === null ? null : toInstant(milliseconds);
}
