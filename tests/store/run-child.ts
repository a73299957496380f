/** Real programs beside the test, to be killed at any moment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export type Child = {
  /** Resolves with the first line, once it was said. */
  readonly firstLine: Promise<string>;
  /** kill -9, and wait until it is gone. Gives all that was said. */
  readonly kill: () => Promise<readonly string[]>;
  /** Waits for its own end. Gives all that was said. */
  readonly end: () => Promise<readonly string[]>;
};

export function runChild(name: string, ...parameters: readonly string[]): Child {
  const script = fileURLToPath(new URL(`./child-${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [script, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const end = said.indexOf('\n');
      if (end >= 0) resolve(said.slice(0, end));
    });
    child.once('close', () => reject(new Error(`the child ended first: ${said}`)));
  });
  firstLine.catch(() => {});
  const end = async () => {
    await closed;
    return said.split('\n').filter((line) => line !== '');
  };
  const closed = endOf(child);
  return {
    firstLine,
    end,
    kill: () => {
      child.kill('SIGKILL');
      return end();
    },
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  await once(child, 'close');
}
