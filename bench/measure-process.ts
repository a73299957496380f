/** Runs a Node program as a person would, and measures the whole of it: wall time from start to exit, and peak memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const RENGA = fileURLToPath(new URL('../bin/renga.mjs', import.meta.url));

const REPORTER = new URL('report-peak.mjs', import.meta.url).href;

export type Measured = {
  readonly milliseconds: number;
  /** Resident memory at its highest, in MB; of all its Node processes together (each at its own height), or null when not asked for. */
  readonly peakMegabytes: number | null;
};

/** Throws when the program does not exit with 0. `withPeak` costs some milliseconds: time and memory want two runs. */
export async function measureNode(
  args: readonly string[],
  { withPeak }: { readonly withPeak: boolean },
): Promise<Measured> {
  const reports = await mkdtemp(join(tmpdir(), 'renga-peak-'));
  try {
    const peak = withPeak ? { NODE_OPTIONS: `--import=${REPORTER}`, RENGA_PEAK_REPORTS: reports } : {};
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...peak },
    });
    const [[code], said] = await Promise.all([
      once(child, 'exit') as Promise<[number | null]>,
      text(child.stderr),
    ]);
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
    return { milliseconds, peakMegabytes: withPeak ? await readPeaks(reports) : null };
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

async function readPeaks(reports: string): Promise<number> {
  const files = await readdir(reports);
  if (files.length === 0) throw new Error('no process reported its memory');
  const kibibytes = await Promise.all(
    files.map(async (file) => Number(await readFile(join(reports, file), 'utf8'))),
  );
  return (kibibytes.reduce((sum, value) => sum + value, 0) * 1024) / 1e6;
}
