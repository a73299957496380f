/** The bar of a file that is read: how much of it, how many lines, how fast, how long it will take. Redrawn in place for a person, and nothing on a pipe. */
import { renderTime } from './open-bar.ts';
import { renderNumber } from './phrases.ts';
import type { Terminal } from './terminal.ts';

export type ReadBar = {
  /** Bytes and lines since the beginning. */
  readonly show: (bytes: number, lines: number) => void;
  /** Makes room for a line of something else. */
  readonly clear: () => void;
};

const WIDTH = 24;
const REDRAW_MILLISECONDS = 100;

/** `size`: bytes. */
export function openReadBar(terminal: Terminal, size: number): ReadBar {
  const since = terminal.elapsed();
  let shownAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  return {
    show: (bytes, lines) => {
      const now = terminal.elapsed();
      if (!terminal.isInteractive || now - shownAt < REDRAW_MILLISECONDS) return;
      shownAt = now;
      isDrawn = true;
      const text = renderReadBar({ bytes, size, lines, milliseconds: now - since });
      terminal.tell(`\r\u001B[2K${text.slice(0, terminal.columns - 1)}`);
    },
    clear: () => {
      if (isDrawn) terminal.tell('\r\u001B[2K');
      isDrawn = false;
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** `██████░░░░ 41%  410,000 lines  52,000/s  12 s left` */
export function renderReadBar(read: {
  readonly bytes: number;
  readonly size: number;
  readonly lines: number;
  readonly milliseconds: number;
}): string {
  const share = read.size === 0 ? 1 : Math.min(1, read.bytes / read.size);
  const filled = Math.round(share * WIDTH);
  const parts = [
    `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.floor(share * 100)}%`,
    `${renderNumber(read.lines)} lines`,
  ];
  if (read.milliseconds >= 500 && read.lines > 0) {
    parts.push(`${renderNumber(Math.round((read.lines / read.milliseconds) * 1000))}/s`);
    if (share > 0 && share < 1)
      parts.push(`${renderTime((read.milliseconds / 1000) * (1 / share - 1))} left`);
  }
  return parts.join('  ');
}
