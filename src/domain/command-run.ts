/** The port to commands that a publication's owner has put into the config: what carries files elsewhere. */

export type CommandRun = {
  /** For the shell. */
  readonly command: string;
  /** Its working folder, absolute; the files lie below it, unless they are to be removed. */
  readonly folder: string;
  /** `pages` before `feeds` before `removed`. */
  readonly stage: 'pages' | 'feeds' | 'removed';
  /** Relative, with `/`, none with a line end in it. */
  readonly files: readonly string[];
};

export type CommandResult = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string };

/** Never rejects; ends the command, and what it started, when its time is over or `signal` is aborted. */
export type RunCommand = (run: CommandRun, signal: AbortSignal) => Promise<CommandResult>;
