/**
 * An output: one file of `public/`, described before it is made. Its fingerprint covers all it is made from, so that
 * a file whose fingerprint is known to be on disk need not be rendered again.
 */
export type Output = {
  /** Below `public/`, with `/`, never leaving it: `the-slug/index.html`. */
  readonly path: string;
  /** Hash of everything `render` depends on: template, publication, entries. Two equal fingerprints mean equal bytes. */
  readonly fingerprint: string;
  /** Null: what came out is not fit to be published, so the file stays as it is. Whoever asks may do with the bytes what they like. */
  readonly render: () => Promise<string | Uint8Array | null>;
};
