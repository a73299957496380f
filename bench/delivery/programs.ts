/**
 * Starts programs and accounts for them: wall time, and processor time (user and system, all threads) where the system tells it,
 * which is Linux; elsewhere null.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

export type Finished = {
  readonly stdout: string;
  readonly seconds: number;
  readonly cpuSeconds: number | null;
};

/** sysconf(_SC_CLK_TCK): part of Linux's ABI. */
const TICKS_PER_SECOND = 100;
/** Milliseconds. What hangs must not look as if it were slow. */
const ENDS_WITHIN = 300_000;

/** Runs a program to its end. Throws when it does not exit with 0. Nothing else may be reaped meanwhile, or its time is counted here too. */
export async function runProgram(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const before = readReapedCpu();
  const started = process.hrtime.bigint();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: ENDS_WITHIN,
    env: { ...process.env, ...environment },
  });
  const [[code, signal], stdout, said] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, string | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}: ${said}${stdout}`);
  return { stdout, seconds, cpuSeconds: subtract(readReapedCpu(), before) };
}

/** Ends a program that was started here; its processor time. */
export async function endProgram(child: ChildProcess): Promise<number | null> {
  const before = readReapedCpu();
  const isRunning = child.exitCode === null && child.signalCode === null;
  if (isRunning) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  return subtract(readReapedCpu(), before);
}

/** Processor time of all children of this process that have ended, in seconds. */
function readReapedCpu(): number | null {
  return readCpu('/proc/self/stat', 13);
}

/** Processor time of a running process so far, in seconds. */
export function readCpuOf(pid: number): number | null {
  return readCpu(`/proc/${pid}/stat`, 11);
}

/** proc_pid_stat(5), counted after the command's name, which may hold spaces: two neighbours, user and system. */
function readCpu(file: string, index: number): number | null {
  const stat = readSystemFile(file);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields ? (Number(fields[index]) + Number(fields[index + 1])) / TICKS_PER_SECOND : null;
}

/** Resident memory of a running process at its highest, in MB. */
export function readPeakOf(pid: number): number | null {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readSystemFile(`/proc/${pid}/status`) ?? '')?.[1];
  return kibibytes === undefined ? null : (Number(kibibytes) * 1024) / 1e6;
}

function readSystemFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

export function subtract(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one - other;
}

/** The path of an installed program, or null. Postfix's tools lie where only an administrator's PATH leads. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}
