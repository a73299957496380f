/** An entry as pages are given it: its body is loaded when its own page is rendered, for ten thousand of them need not be in memory. */
import type { Entry } from '../../domain/entry.ts';

export type PageEntry = Omit<Entry, 'body'> & {
  /** Hash of all that the entry is made from. */
  readonly fingerprint: string;
  readonly loadHtml: () => Promise<string>;
};
