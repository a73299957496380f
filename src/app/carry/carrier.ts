/** What carries files to one target. */
import type { PublicFiles } from './read-public.ts';

export type Carrier = {
  /** Whether the target may lack a file that was carried there: then it is looked for. */
  readonly has: (path: string) => Promise<boolean>;
  /** Paths with their hashes. Throws OperatorError when they, or some of them, could not be carried. */
  readonly put: (stage: 'pages' | 'feeds', files: PublicFiles, signal: AbortSignal) => Promise<void>;
  /** Paths with the hashes that were carried, '' where that is not known. */
  readonly remove: (files: PublicFiles, signal: AbortSignal) => Promise<void>;
};
