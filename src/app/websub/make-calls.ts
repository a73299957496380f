/**
 * Makes the calls that are due, some at a time and few to one host, so that a slow callback keeps neither hubs nor others waiting. A host that does not
 * answer is left alone for a while, with all that is owed to it.
 */
import type { Call } from '../../domain/websub.ts';
import { type Caller, makeCall } from './make-call.ts';

const IN_FLIGHT = 32;
const PER_HOST = 2;
/** Longer than a call can take: a worker that has not settled by then is dead. */
const CLAIM = { seconds: 90 } as const;
/** What became due meanwhile is looked for so often, while a call is under way. */
const LOOK_EVERY_MILLISECONDS = 500;

/** Until nothing more is due, or `signal` is aborted and what was begun has ended. How many it made. */
export async function makeCalls(caller: Caller, signal: AbortSignal): Promise<number> {
  const running = new Map<Promise<void>, string>();
  const failures: unknown[] = [];
  let made = 0;
  const begin = (call: Call): void => {
    const work = makeCall(caller, call, signal)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(work));
    running.set(work, new URL(call.target).hostname);
    made += 1;
  };
  const claimMore = async (): Promise<readonly Call[]> => {
    if (signal.aborted || failures.length > 0 || running.size >= IN_FLIGHT) return [];
    const now = caller.clock();
    const inFlight = countHosts(running.values());
    const order = {
      limit: IN_FLIGHT - running.size,
      perHost: PER_HOST,
      inFlight,
      now,
      until: now.add(CLAIM),
    };
    return await caller.store.websub.claim(order);
  };
  for (;;) {
    const calls = await claimMore();
    for (const call of calls) begin(call);
    if (running.size === 0) break;
    if (calls.length === 0 || running.size >= IN_FLIGHT) await firstOf(running.keys());
  }
  if (failures.length > 0) throw failures[0];
  return made;
}

function countHosts(hosts: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const host of hosts) counts[host] = (counts[host] ?? 0) + 1;
  return counts;
}

async function firstOf(running: Iterable<Promise<void>>): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  const look = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LOOK_EVERY_MILLISECONDS);
  });
  await Promise.race([look, ...running]);
  if (timer) clearTimeout(timer);
}
