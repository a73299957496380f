/** The claims are for two cores: on a larger machine, this process and all it starts are kept on two of them while it measures (Linux). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { findProgram } from './programs.ts';

const CORES = 2;

/** Call what it returns to have all cores again. Does nothing where there are no more than two, or no `taskset`. */
export function pinToTwoCores(): () => void {
  const taskset = findProgram('taskset');
  if (availableParallelism() <= CORES || taskset === null) return () => undefined;
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (list === undefined) return () => undefined;
  const allow = (cores: string): void => {
    spawnSync(taskset, ['-acp', cores, String(process.pid)]);
  };
  allow(expand(list).slice(0, CORES).join(','));
  return () => allow(list);
}

/** `0-2,5` → 0, 1, 2, 5. */
function expand(list: string): readonly number[] {
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}
