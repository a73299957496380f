/**
 * `serve` reads the posts each minute, and finds the same problems each time: a person is told of each once, and again where it came back after it was
 * put right.
 */
import type { Event } from '../app/event.ts';
import { renderProblem } from '../domain/problem.ts';

/** The events of one program, in their order, without the problems that the reading of posts before had told, or told twice itself. */
export function leaveOutTold(): (event: Event) => Event {
  let told: ReadonlySet<string> = new Set();
  return (event) => {
    if (event.kind !== 'posts-read') return event;
    const found = new Map(event.problems.map((problem) => [renderProblem(problem), problem]));
    const problems = [...found].flatMap(([line, problem]) => (told.has(line) ? [] : [problem]));
    told = new Set(found.keys());
    return { ...event, problems };
  };
}
