/** How sharing stands, as `status` and `publish --dry-run` say it: places that lack files, calls that wait, and who does not take them. */
import type { SharingStatus, TargetStatus } from '../app/sharing/show-sharing.ts';
import { count } from './phrases.ts';

/** No line where there is nothing to say. `now`: the times of calls are told from it. */
export function renderSharing(sharing: SharingStatus | null, now: Temporal.Instant): readonly string[] {
  if (!sharing) return [];
  return [...sharing.targets.flatMap(renderTarget), ...renderHubs(sharing, now)];
}

function renderTarget({ name, lacks, failure }: TargetStatus): readonly string[] {
  const state =
    lacks === null
      ? 'public/ could not be read'
      : lacks === 0
        ? 'has all files'
        : `lacks ${count(lacks, 'file')}`;
  return [`publish.to ${name}: ${state}`, ...(failure === null ? [] : [`  failed last time: ${failure}`])];
}

function renderHubs(
  { hubs, callbacks, calls, failing }: SharingStatus,
  now: Temporal.Instant,
): readonly string[] {
  if (hubs === 0) return [];
  const waiting = [
    ...(calls.ping > 0 ? [count(calls.ping, 'ping')] : []),
    ...(calls.verify > 0 ? [count(calls.verify, 'verification')] : []),
    ...(calls.deliver > 0 ? [count(calls.deliver, 'delivery', 'deliveries')] : []),
  ];
  const served = callbacks > 0 ? `, ${count(callbacks, 'callback')}` : '';
  return [
    `websub: ${count(hubs, 'hub')}${served}, ${waiting.length === 0 ? 'nothing waits' : `${waiting.join(', ')} waiting`}`,
    ...failing.map(
      ({ host, kind, calls: owed, attempts, nextAt }) =>
        `  ${host} did not take ${count(owed, WORDS[kind][0], WORDS[kind][1])} (${count(attempts, 'try', 'tries')}), again ${renderWait(now, nextAt)}`,
    ),
  ];
}

const WORDS = {
  ping: ['ping', 'pings'],
  verify: ['verification', 'verifications'],
  deliver: ['delivery', 'deliveries'],
} as const;

function renderWait(now: Temporal.Instant, then: Temporal.Instant): string {
  const minutes = Math.ceil(now.until(then).total('minutes'));
  if (minutes <= 1) return 'within a minute';
  return minutes < 120 ? `in ${minutes} minutes` : `in ${Math.round(minutes / 60)} hours`;
}
