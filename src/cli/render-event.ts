/** What happens, as lines for a person. */
import type { Event } from '../app/event.ts';
import { OperatorError } from '../domain/operator-error.ts';
import { type Problem, renderProblem } from '../domain/problem.ts';
import { count } from './phrases.ts';

type Kind = Event['kind'];
type Renderers = { readonly [K in Kind]: (event: Extract<Event, { kind: K }>) => string | null };

/** Told by the bar, or by the command's own summary. */
const nothing = (): null => null;

const RENDERERS: Renderers = {
  'posts-read': ({ problems }) => renderProblems(problems),
  'site-written': renderWritten,
  'series-opened': renderOpened,
  'digest-frozen': ({ number, slot, posts, deliveries }) =>
    `digest ${number} (${slot}): ${count(posts, 'post')} to ${count(deliveries, 'subscriber')}`,
  'slot-missed': ({ slot }) => `${slot} was missed: renga slots run "${slot}", or renga slots skip "${slot}"`,
  'slot-empty': ({ slot, reason }) => `${slot}: no digest, ${reason}`,
  'delivery-started': nothing,
  settled: nothing,
  withdrawn: nothing,
  'notice-settled': ({ notice, outcome }) =>
    outcome === 'accepted' ? null : `a notice (${notice}) could not be sent: ${outcome}`,
  'notice-unmade': ({ notice, error }) =>
    `notices (${notice}) cannot be made, and wait: ${renderError(error)}${renderHint(error)}`,
  released: ({ due, inDoubt }) =>
    `taken over from a program that died: ${due} due again, ${inDoubt} in doubt`,
  paused: ({ pause }) => `delivery is paused: ${pause.reason}\n  ${pause.hint}`,
  'request-failed': ({ error }) => `a request could not be answered: ${renderError(error)}`,
  'round-failed': ({ error }) => `failed, and will be tried again: ${renderError(error)}${renderHint(error)}`,
  carried: ({ written, removed }) => `publish.to: ${count(written, 'file')} carried, ${removed} removed`,
  'carry-failed': ({ error }) =>
    `publish.to failed, and will be tried again: ${renderError(error)}${renderHint(error)}`,
  pinged: nothing,
  'call-given-up': ({ call, host, reason }) => `websub: no ${call} of ${host}: ${reason}`,
  'templates-taken': () => 'the templates changed and are in use',
  'templates-refused': ({ error }) =>
    `the templates changed, and the ones from before stay in use: ${error.message}\n  ${error.hint}`,
};

/** One line for an event, or null for those that are told otherwise. */
export function renderEvent(event: Event): string | null {
  // The table has a renderer of this very kind; TypeScript cannot follow that through the union.
  const render = RENDERERS[event.kind] as (event: Event) => string | null;
  return render(event);
}

function renderError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a person can do about it, on a line of its own. */
function renderHint(error: unknown): string {
  return error instanceof OperatorError ? `\n  ${error.hint}` : '';
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
    ? `the series ${event.series} starts now, with what is here already: ${posts}`
    : `the series ${event.series} starts now: ${posts} from before will not be mailed (backlog: include would)`;
}
