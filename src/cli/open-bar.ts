/**
 * The bar of a run: how many of how many, what became of them, how fast, and how long it will take. Redrawn in place on a terminal, a few times a
 * second at most; on a pipe a plain line now and then.
 */
import type { Outcome } from '../domain/delivery.ts';
import { renderNumber } from './phrases.ts';
import { type Terminal, tellLine } from './terminal.ts';

/** How a delivery of this run ended. */
type Ending = Outcome['kind'] | 'withdrawn';

export type Bar = {
  /** A run begins: so many wait. */
  readonly expect: (waiting: number) => void;
  readonly settle: (outcome: Ending) => void;
  /** Makes room for a line of something else; the bar comes back below it. */
  readonly clear: () => void;
  /** The run is over. */
  readonly finish: () => void;
};

type Run = {
  expected: number;
  /** Milliseconds, as `Terminal.elapsed` counts them. */
  since: number;
  readonly settled: Record<Ending, number>;
};

const BAR_WIDTH = 24;
const REDRAW_MILLISECONDS = 100;
/** On a pipe a line in this time is enough. */
const PLAIN_MILLISECONDS = 5000;
/** A rate over less says nothing. */
const RATE_MILLISECONDS = 500;

export function openBar(terminal: Terminal): Bar {
  let run = beginRun(terminal, 0);
  let shownAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  let isStale = false;
  const show = (): void => {
    const line = renderBar(run, terminal.elapsed());
    if (terminal.isInteractive) terminal.tell(`\r\u001B[2K${line.slice(0, terminal.columns - 1)}`);
    else tellLine(terminal, line);
    isDrawn = terminal.isInteractive;
    isStale = false;
    shownAt = terminal.elapsed();
  };
  return {
    expect: (waiting) => {
      run = beginRun(terminal, waiting);
      shownAt = terminal.isInteractive ? Number.NEGATIVE_INFINITY : terminal.elapsed();
    },
    settle: (outcome) => {
      run.settled[outcome] += 1;
      isStale = true;
      const pause = terminal.isInteractive ? REDRAW_MILLISECONDS : PLAIN_MILLISECONDS;
      if (terminal.elapsed() - shownAt >= pause) show();
    },
    clear: () => {
      if (isDrawn) terminal.tell('\r\u001B[2K');
      isDrawn = false;
    },
    finish: () => {
      if (isStale) show();
      if (isDrawn) terminal.tell('\n');
      isDrawn = false;
      run = beginRun(terminal, 0);
    },
  };
}

function beginRun(terminal: Terminal, expected: number): Run {
  const settled = { accepted: 0, deferred: 0, rejected: 0, 'in-doubt': 0, withdrawn: 0 };
  return { expected, since: terminal.elapsed(), settled };
}

/** `███░░░ 1,200/4,000  1,190 accepted, 10 deferred  240/s  12 s left` */
export function renderBar({ expected, since, settled }: Run, now: number): string {
  const said = Object.entries(settled).filter(([, number]) => number > 0);
  const done = said.reduce((sum, [, number]) => sum + number, 0);
  const all = Math.max(expected, done);
  const filled = all === 0 ? 0 : Math.round((done / all) * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const counts = said.map(([kind, number]) => `${renderNumber(number)} ${kind}`).join(', ');
  const parts = [`${bar} ${renderNumber(done)}/${renderNumber(all)}`, counts];
  const elapsed = now - since;
  if (elapsed >= RATE_MILLISECONDS && done > 0) {
    const perSecond = (done / elapsed) * 1000;
    parts.push(`${perSecond < 10 ? perSecond.toFixed(1) : renderNumber(Math.round(perSecond))}/s`);
    if (all > done) parts.push(`${renderTime((all - done) / perSecond)} left`);
  }
  return parts.filter((part) => part !== '').join('  ');
}

/** Seconds → `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function renderTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
