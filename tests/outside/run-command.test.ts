/** Commands of the user's: bounded in time, whatever they leave running. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openCommands } from '../../src/outside/run-command.ts';

const run = openCommands({ environment: { PATH: process.env['PATH'] }, timeLimit: 20_000 });

async function makeOrder(command: string) {
  const folder = await mkdtemp(join(tmpdir(), 'renga-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { command, folder, stage: 'pages', files: ['a.html'] } as const;
}

it('is over when it has ended, though something in a session of its own still has its output', async () => {
  // As ssh does that shares its connection. Were it waited for, this test would end by its time limit.
  const order = await makeOrder('setsid sleep 60 & echo done');
  expect(await run(order, new AbortController().signal)).toEqual({ kind: 'done' });
});

it('tells the last words of one that failed', async () => {
  const order = await makeOrder('cat >/dev/null; echo no room >&2; exit 3');
  expect(await run(order, new AbortController().signal)).toEqual({
    kind: 'failed',
    reason: 'exit code 3: no room',
  });
});
