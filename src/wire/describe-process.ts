/** This process: as other programs on the store know it, whether such a one still runs, and which build of the program it is. */
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Worker } from '../domain/worker.ts';

export function describeWorker(): Worker {
  const { pid } = process;
  return {
    id: randomUUID(),
    host: hostname(),
    boot: readBoot(),
    pid,
    startedAt: readProcessStart(pid) ?? '',
  };
}

/** Whether a worker of this machine still runs: the same boot, a process of that number, and started at the same time. */
export function isAlive(worker: Worker): boolean {
  if (worker.boot !== readBoot()) return false;
  const startedAt = readProcessStart(worker.pid);
  if (startedAt !== null) return startedAt === worker.startedAt;
  try {
    process.kill(worker.pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Differs wherever the program or its Node does: what one build concluded is nothing to another. Null while the program runs from its sources,
 * which may be edited at any time.
 */
export function describeBuild(version: string): string | null {
  if (import.meta.url.endsWith('.ts')) return null;
  const { ino, size, mtimeMs, ctimeMs } = statSync(fileURLToPath(import.meta.url));
  return [version, process.version, ino, size, mtimeMs, ctimeMs].join(' ');
}

function readBoot(): string {
  return readSystemFile('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

/** Field 22 of proc_pid_stat(5), counted after the command's name, which may hold spaces; null where there is no such file. */
function readProcessStart(pid: number): string | null {
  const text = readSystemFile(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function readSystemFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
