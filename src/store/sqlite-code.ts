/** What an error says as SQLite's own. Apart from all else: threads that only read the cache load no more than this. */

/** SQLite's result code without its extension, or null for an error of another kind. */
export function primaryCodeOf(error: unknown): number | null {
  const code = extendedCodeOf(error);
  return code === null ? null : code & 0xff;
}

/** With its extension. */
export function extendedCodeOf(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : null;
}
