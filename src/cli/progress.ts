/** Draws what happens while it happens: a bar redrawn in place for a person, a plain line now and then for a pipe. */
import type { Event } from '../app/event.ts';
import type { Outcome } from '../domain/delivery.ts';
import { type Problem, renderProblem } from '../domain/problem.ts';
import { count } from './phrases.ts';
import { type Terminal, tellLine } from './terminal.ts';

export type Progress = {
  readonly report: (event: Event) => void;
  /** Ends a bar that is being drawn. */
  readonly finish: () => void;
};

const BAR_WIDTH = 24;
/** On a pipe one line per this many deliveries is enough. */
const PLAIN_STEP = 1000;

/** `quiet` tells only what needs a person's eye. */
export function openProgress(terminal: Terminal, options: { readonly quiet: boolean }): Progress {
  const bar = openBar(terminal);
  return {
    finish: bar.finish,
    report: (event) => {
      if (event.kind === 'settled') {
        if (!options.quiet) bar.settle(event.outcome);
        return;
      }
      if (event.kind === 'digest-frozen') bar.expect(event.deliveries);
      const line = renderEvent(event);
      if (line === null || (options.quiet && !isUrgent(event))) return;
      bar.finish();
      tellLine(terminal, line);
    },
  };
}

function isUrgent(event: Event): boolean {
  return event.kind === 'paused' || event.kind === 'round-failed' || event.kind === 'slot-missed';
}

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
    case 'settled':
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

type Bar = {
  readonly expect: (deliveries: number) => void;
  readonly settle: (outcome: Outcome['kind']) => void;
  readonly finish: () => void;
};

function openBar(terminal: Terminal): Bar {
  const settled = { accepted: 0, deferred: 0, rejected: 0, 'in-doubt': 0 };
  let expected = 0;
  let isDrawn = false;
  const total = (): number => settled.accepted + settled.deferred + settled.rejected + settled['in-doubt'];
  return {
    expect: (deliveries) => {
      expected += deliveries;
    },
    settle: (outcome) => {
      settled[outcome] += 1;
      const line = renderBar(settled, total(), Math.max(expected, total()));
      if (terminal.isInteractive) {
        isDrawn = true;
        terminal.tell(`\r\u001B[2K${line.slice(0, terminal.columns - 1)}`);
      } else if (total() % PLAIN_STEP === 0) {
        tellLine(terminal, line);
      }
    },
    finish: () => {
      if (isDrawn) terminal.tell('\n');
      isDrawn = false;
    },
  };
}

function renderBar(
  settled: Readonly<Record<Outcome['kind'], number>>,
  done: number,
  expected: number,
): string {
  const filled = Math.round((done / expected) * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const said = Object.entries(settled).filter(([, number]) => number > 0);
  return `${bar} ${done}/${expected}  ${said.map(([kind, number]) => `${number} ${kind}`).join(', ')}`;
}
