/** A problem: one thing in the publication that its author can put right, told in one line with its place. */

/**
 * `error`: the post is left out. `warning`: it is published, but not as its author may expect.
 * `hint`: nothing is wrong.
 */
export type Severity = 'error' | 'warning' | 'hint';

export type Problem = {
  readonly severity: Severity;
  /** File below the publication's folder, with `/`: `posts/a.md`. */
  readonly path: string;
  /** One-based line in that file, or null when the problem is the file itself. */
  readonly line: number | null;
  /** What is wrong and what to do, in one line, without the place. */
  readonly message: string;
};

/** `posts/a.md:3: warning: …`, the form editors and terminals can jump to. */
export function renderProblem(problem: Problem): string {
  const place = problem.line === null ? problem.path : `${problem.path}:${problem.line}`;
  return `${place}: ${problem.severity}: ${problem.message}`;
}
