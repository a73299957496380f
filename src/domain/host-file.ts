/** A file of `public/` that no reader asks for: it tells a host of static files how to send the others. */
export type HostFile = {
  /** At the top of `public/`: `_headers`. */
  readonly path: '_headers' | '_redirects';
  /** Begins with `HOST_FILE_MARK`. */
  readonly text: string;
};

/** By which a file of ours is told from one that the author wrote. */
export const HOST_FILE_MARK = '# Made by Renga';

const PATHS: readonly string[] = ['_headers', '_redirects'] satisfies readonly HostFile['path'][];

export function isHostFile(path: string): boolean {
  return PATHS.includes(path);
}
