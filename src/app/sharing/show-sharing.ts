/** How sharing stands: what places lack, which calls wait, and what fails. Derived, and nothing is changed by looking. */
import { join } from 'node:path';
import type { CallKind, FailingHost } from '../../domain/websub.ts';
import { countLacking, describeTarget, readFailure } from '../carry/carried-files.ts';
import { readPublic } from '../carry/read-public.ts';
import type { Renga } from '../renga.ts';

export type TargetStatus = {
  /** A folder, or the program that a command begins with. */
  readonly name: string;
  /** Files of `public/` that it has not, or has and should not; null while `public/` cannot be read. */
  readonly lacks: number | null;
  /** What went wrong when it was last carried to; null when that went well. */
  readonly failure: string | null;
};

export type SharingStatus = {
  readonly targets: readonly TargetStatus[];
  readonly hubs: number;
  /** Served by the embedded hub. */
  readonly callbacks: number;
  /** That wait, the failing among them. */
  readonly calls: Readonly<Record<CallKind, number>>;
  /** Those that are owed the most. */
  readonly failing: readonly FailingHost[];
};

type Viewer = Pick<Renga, 'root' | 'cache' | 'targets' | 'websub' | 'store' | 'clock'>;

const MOST_HOSTS = 10;

/** Null where there are neither targets nor hubs. */
export async function showSharing(renga: Viewer): Promise<SharingStatus | null> {
  const { targets, websub, store, cache } = renga;
  if (targets.length + websub.hubs.length === 0) return null;
  const files = targets.length === 0 ? null : await readPublic(join(renga.root, 'public'), cache);
  const { callbacks, ...calls } = await store.websub.counts(renga.clock());
  return {
    targets: targets.map((target) => ({
      name: describeTarget(target),
      lacks: files && countLacking(cache, target, files),
      failure: readFailure(cache, target),
    })),
    hubs: websub.hubs.length,
    callbacks,
    calls,
    failing: await store.websub.failing(MOST_HOSTS),
  };
}

/** For a monitoring system. */
export type SharingMeasures = {
  readonly callbacks: number;
  readonly calls: Readonly<Record<CallKind, number>>;
  /** Of the calls, those that failed at least once. */
  readonly failingCalls: number;
  readonly failingTargets: number;
};

/** Cheaper: it looks at no file. */
export async function measureSharing({
  targets,
  cache,
  store,
  clock,
}: Omit<Viewer, 'root'>): Promise<SharingMeasures> {
  const { callbacks, ...calls } = await store.websub.counts(clock());
  const failing = await store.websub.failing(Number.MAX_SAFE_INTEGER);
  return {
    callbacks,
    calls,
    failingCalls: failing.reduce((sum, host) => sum + host.calls, 0),
    failingTargets: targets.filter((target) => readFailure(cache, target) !== null).length,
  };
}
