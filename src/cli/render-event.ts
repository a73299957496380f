/** What happens, as lines for a person. */
import type { Event } from '../app/event.ts';
import { type Problem, renderProblem } from '../domain/problem.ts';
import { count } from './phrases.ts';

/** One line for an event, or null for those that the command's own summary tells. */
export function renderEvent(event: Event): string | null {
  switch (event.kind) {
    case 'posts-read':
      return renderProblems(event.problems);
    case 'site-written':
      return renderWritten(event);
    case 'series-opened':
      return renderOpened(event);
    case 'digest-frozen':
      return `digest ${event.number} (${event.slot}): ${count(event.posts, 'post')} to ${count(event.deliveries, 'subscriber')}`;
    case 'slot-missed':
      return `${event.slot} was missed: renga slots run "${event.slot}", or renga slots skip "${event.slot}"`;
    case 'slot-empty':
      return `${event.slot}: no digest, ${event.reason}`;
    case 'released':
      return `taken over from a program that died: ${event.due} due again, ${event.inDoubt} in doubt`;
    case 'paused':
      return `delivery is paused: ${event.pause.reason}\n  ${event.pause.hint}`;
    case 'request-failed':
      return `a request could not be answered: ${renderError(event.error)}`;
    case 'round-failed':
      return `failed, and will be tried again: ${renderError(event.error)}`;
    case 'templates-taken':
      return 'the templates changed and are in use';
    case 'templates-refused':
      return `the templates changed, and the ones from before stay in use: ${event.error.message}\n  ${event.error.hint}`;
    case 'delivery-started':
    case 'settled':
    case 'withdrawn':
      return null;
    default:
      return event satisfies never;
  }
}

function renderError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function renderProblems(problems: readonly Problem[]): string | null {
  const lines = problems.filter(({ severity }) => severity !== 'hint').map(renderProblem);
  return lines.length === 0 ? null : lines.join('\n');
}

function renderWritten(event: Extract<Event, { kind: 'site-written' }>): string | null {
  const { written, removed, unchanged } = event;
  if (written + removed === 0) return null;
  return `public/: ${count(written, 'file')} written, ${removed} removed, ${unchanged} unchanged`;
}

function renderOpened(event: Extract<Event, { kind: 'series-opened' }>): string | null {
  if (event.backlog === 0) return null;
  const posts = count(event.backlog, 'post');
  return event.included
    ? `the series ${event.series} starts with its backlog of ${posts}`
    : `the series ${event.series} starts now: ${posts} from before will not be mailed (backlog: include would)`;
}
