/** The real program for tests of commands: run to its end, or serving until the test is over, with the mails of its inbox. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/renga.mjs', import.meta.url));

/** What it printed. Rejects with what it said where it failed. */
export async function renga(...words: readonly string[]): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [BIN, ...words], (error, out, said) => {
      if (error) reject(new Error(said));
      else resolve(out);
    });
  });
}

/** `renga serve`, and where it is: once it says so, its first round is over. */
export async function serve(blog: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [BIN, '-C', blog, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(said)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/[^/\s]+\//.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  return { child, url };
}

/** The files of the embedded inbox, oldest first. */
export async function listMails(blog: string): Promise<readonly string[]> {
  const folder = join(blog, 'var', 'inbox');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return names.toSorted().map((name) => join(folder, name));
}

/** The same, once there are so many. */
export async function waitForMails(blog: string, count: number): Promise<readonly string[]> {
  for (;;) {
    const mails = await listMails(blog);
    if (mails.length >= count) return mails;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
