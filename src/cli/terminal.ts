/** Where a command writes and asks. `main` makes it of the process; tests make it of strings. */

export type Terminal = {
  /** Results: standard output. */
  readonly write: (text: string) => void;
  /** Everything else: standard error. */
  readonly tell: (text: string) => void;
  /** Whether a person looks at `tell`: then progress may be redrawn in place. */
  readonly isInteractive: boolean;
  /** Asks a line; null when there is nobody to answer. */
  readonly ask: (question: string) => Promise<string | null>;
  readonly columns: number;
  /** Milliseconds since some moment in the past; never set back. */
  readonly elapsed: () => number;
  /** Whether colour is wanted (a terminal, and no NO_COLOR). */
  readonly hasColour: boolean;
};

/** A line with its end. */
export function writeLine(terminal: Pick<Terminal, 'write'>, text: string): void {
  terminal.write(`${text}\n`);
}

export function tellLine(terminal: Pick<Terminal, 'tell'>, text: string): void {
  terminal.tell(`${text}\n`);
}
