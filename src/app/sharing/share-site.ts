/**
 * What follows a publish: the files are carried to the targets, and once all of them have the new ones, hubs are told. Nothing waits for it, and what
 * fails is tried again after the next publish, whether or not that changes anything.
 */
import type { OperatorError } from '../../domain/operator-error.ts';
import { join } from 'node:path';
import { type CarryRenga, carrySite } from '../carry/carry-site.ts';
import { readPublic } from '../carry/read-public.ts';
import type { Renga } from '../renga.ts';
import { announceTopics } from '../websub/announce-topics.ts';
import { isTopic } from '../websub/topics.ts';

export type ShareRenga = CarryRenga & Pick<Renga, 'publication' | 'websub' | 'store' | 'clock' | 'carryLock'>;

export type ShareReport = {
  /** Targets that have all of it; 0 where there are none. */
  readonly carried: number;
  readonly failures: readonly OperatorError[];
  /** Calls that are owed because of what changed. */
  readonly announced: number;
};

const NOTHING: ShareReport = { carried: 0, failures: [], announced: 0 };

/** How long another program may take to carry. */
const LOCK_WAIT_MILLISECONDS = 10_000;

export async function shareSite(renga: ShareRenga, signal: AbortSignal): Promise<ShareReport> {
  const { targets, websub } = renga;
  if (targets.length === 0 && websub.hubs.length === 0) return NOTHING;
  const share = async (): Promise<ShareReport> => {
    const isWanted = targets.length === 0 ? isTopic : undefined;
    const files = await readPublic(join(renga.root, 'public'), renga.cache, isWanted);
    if (!files) return NOTHING;
    const { done, failures } = await carrySite(renga, files, signal);
    // Somewhere the new files are not to be seen yet: a hub would fetch the old ones.
    if (failures.length > 0 || signal.aborted) return { carried: done, failures, announced: 0 };
    return { carried: done, failures, announced: await announceTopics(renga, files) };
  };
  return targets.length === 0 ? await share() : await renga.carryLock.hold(LOCK_WAIT_MILLISECONDS, share);
}
