/** Loaded into a measured process (`node --import`): when it exits, leaves its peak memory in KiB, in a file named by its pid. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env['RENGA_PEAK_REPORTS'];
if (isMainThread && folder) {
  process.on('exit', () => writeFileSync(join(folder, String(process.pid)), String(readPeak())));
}

/**
 * Linux counts what a process was before its `exec` into getrusage's maximum, so that a small child of a large parent looks
 * large; VmHWM belongs to the program alone.
 */
function readPeak() {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes) return Number(kibibytes);
  } catch {
    // No /proc here.
  }
  return process.resourceUsage().maxRSS;
}
