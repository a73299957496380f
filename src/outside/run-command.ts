/**
 * Runs a command for the shell over a list of files: their names come on standard input, a line each, and in a file that `RENGA_LIST` names. Bounded in
 * time, with all that it started; what it says at last is kept for whoever asks why it failed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult, CommandRun, RunCommand } from '../domain/command-run.ts';

export type CommandLimits = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** In milliseconds. */
  readonly timeLimit: number;
};

/** Of what a command says, so much is kept: the end. */
const KEPT_WORDS = 2000;

export function openCommands(limits: CommandLimits): RunCommand {
  return async (run, signal) => {
    if (signal.aborted) return { kind: 'failed', reason: 'it was stopped' };
    const folder = await mkdtemp(join(tmpdir(), 'renga-list-'));
    try {
      const list = join(folder, 'files');
      const names = run.files.map((file) => `${file}\n`).join('');
      await writeFile(list, names);
      return await runOver(limits, run, { list, names }, signal);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function runOver(
  { environment, timeLimit }: CommandLimits,
  { command, folder, stage }: CommandRun,
  { list, names }: { readonly list: string; readonly names: string },
  signal: AbortSignal,
): Promise<CommandResult> {
  const child = spawn(command, {
    cwd: folder,
    shell: true,
    // A group of its own, to be ended as a whole.
    detached: true,
    env: { ...environment, RENGA_STAGE: stage, RENGA_LIST: list, RENGA_FOLDER: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const words = keepWords(child);
  // A command that reads the file instead, or nothing, closes its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(names);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(timeLimit)]);
  const end = (): void => endGroup(child);
  ending.addEventListener('abort', end, { once: true });
  const how = await ended(child);
  ending.removeEventListener('abort', end);
  if (how === null) return { kind: 'done' };
  if (signal.aborted) return { kind: 'failed', reason: 'it was stopped' };
  if (ending.aborted) return { kind: 'failed', reason: 'it took too long' };
  return { kind: 'failed', reason: [how, words()].filter((part) => part !== '').join(': ') };
}

/** So long its output is still read once it has ended. */
const LAST_WORDS_MILLISECONDS = 500;

/** Null when it went well. */
async function ended(child: ChildProcess): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  child.on('error', (error) => resolve(error.message));
  child.on('exit', (code, killedBy) => {
    const how = code === 0 ? null : killedBy === null ? `exit code ${code}` : `ended by ${killedBy}`;
    const leave = (): void => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(how);
    };
    // What it left running in a session of its own (a shared SSH connection, say) may hold its output for hours.
    const timer = setTimeout(leave, LAST_WORDS_MILLISECONDS);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(how);
    });
  });
  return await promise;
}

/** What it says on standard output counts too: some tools complain there. */
function keepWords(child: ChildProcess): () => string {
  let kept = '';
  const keep = (piece: string): void => {
    kept = (kept + piece).slice(-KEPT_WORDS);
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  return () => maskUrls(kept.trim());
}

/** It is told to people and logs. */
function maskUrls(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/giu, '$1***@');
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
