/** What a small piece of work costs in processor time: others on the machine do not make that longer, or not much. */
import { randomBytes } from 'node:crypto';

const MILLISECONDS = 800;

/** `work` is given so many random bytes, the same each time. Milliseconds. */
export function measureCpu(work: (data: Buffer) => unknown, bytes: number): number {
  const data = randomBytes(bytes);
  for (let round = 0; round < 50; round += 1) work(data);
  const before = process.cpuUsage();
  const until = Date.now() + MILLISECONDS;
  let rounds = 0;
  while (Date.now() < until) {
    work(data);
    rounds += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}
