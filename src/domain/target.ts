/** A target: a place besides `public/` that the published files are carried to. */

export type Target =
  /** A folder of this machine, absolute. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** Commands for the shell, which get the names of files and do the rest. */
  | { readonly kind: 'command'; readonly command: string; readonly remove: string };
