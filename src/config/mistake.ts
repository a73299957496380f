/** A mistake in the config, told in one line with its place. What it says never repeats a value: any value may be a secret. */

/** Where the config lies below the publication's folder, as messages name it. */
export const CONFIG_PATH = 'config/renga.yaml';

export type Mistake = {
  /** One-based. */
  readonly line: number;
  readonly message: string;
};

/** A mistake in what was read: `path` is the key it belongs to, from the top. */
export type MisplacedValue = {
  readonly path: readonly PropertyKey[];
  readonly message: string;
};

/** `config/renga.yaml:3: …`, the form editors and terminals can jump to; one line each, in the order of the file. */
export function renderMistakes(mistakes: readonly Mistake[]): string {
  return mistakes
    .toSorted((one, other) => one.line - other.line)
    .map(({ line, message }) => `${CONFIG_PATH}:${line}: ${message}`)
    .join('\n');
}

/** A key's name as messages show it: what does not look like one may be a value that slipped out of place. */
export function renderKey(path: readonly PropertyKey[]): string {
  return path.map((key) => (/^[\w-]{1,40}$/.test(String(key)) ? String(key) : '…')).join('.');
}
