/** What delivering works with. */
import type { Renga } from '../renga.ts';
import type { SleepUntil } from '../sleep-until.ts';

export type Deliverer = Pick<
  Renga,
  | 'settings'
  | 'store'
  | 'journal'
  | 'worker'
  | 'isAlive'
  | 'clock'
  | 'report'
  | 'accounts'
  | 'openTransport'
  | 'openSealer'
> & {
  /** By the real time, if left out. */
  readonly sleepUntil?: SleepUntil;
  /** Resolves once more may be claimed: not while the page that a mail links to is on its way. */
  readonly mayClaim?: () => Promise<void>;
};
