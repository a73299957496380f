/** Draws what happens while it happens: a bar redrawn in place for a person, a plain line now and then for a pipe, an object a line for a program. */
import type { Event } from '../app/event.ts';
import { leaveOutTold } from './leave-out-told.ts';
import { openBar } from './open-bar.ts';
import { renderEvent } from './render-event.ts';
import { type Terminal, tellLine } from './terminal.ts';

export type Progress = {
  readonly report: (event: Event) => void;
  /** Ends a bar that is being drawn, and says what was not said yet. */
  readonly finish: () => void;
};

/** `json`: every event as an object a line on standard error, for a program that reads along. `quiet`: only what needs a person's eye. */
export async function openProgress(
  terminal: Terminal,
  options: { readonly quiet?: boolean; readonly json?: boolean },
): Promise<Progress> {
  // Loaded where it is wanted: most runs write for people.
  if (options.json) return (await import('./log-events.ts')).logEvents(terminal);
  const bar = openBar(terminal);
  const unsaid = leaveOutTold();
  return {
    finish: bar.finish,
    report: (event) => {
      if (event.kind === 'settled' || event.kind === 'withdrawn') {
        if (!options.quiet) bar.settle(event.kind === 'settled' ? event.outcome : event.kind);
        return;
      }
      if (event.kind === 'delivery-started') bar.expect(event.waiting);
      const line = renderEvent(unsaid(event));
      if (line === null || (options.quiet && !isUrgent(event))) return;
      bar.clear();
      tellLine(terminal, line);
    },
  };
}

function isUrgent(event: Event): boolean {
  return event.kind === 'paused' || event.kind === 'round-failed' || event.kind === 'slot-missed';
}
