/** The backlog: posts that are there when a series first runs. Which of them count as old, and so are never mailed, is for the config to say. */

/** `skip`: all. `include`: none. A moment: those published before it. */
export type BacklogRule = 'skip' | 'include' | { readonly before: Temporal.Instant };

/** Whether a post that is there when the series first runs is left out of its digests for good. */
export function isBacklog(
  rule: BacklogRule,
  publishedAt: Pick<Temporal.Instant, 'epochMilliseconds'>,
): boolean {
  if (rule === 'skip' || rule === 'include') return rule === 'skip';
  return publishedAt.epochMilliseconds < rule.before.epochMilliseconds;
}
