/** The world outside as these tests have it: real requests to this machine, real commands. */
import { join } from 'node:path';
import type { Renga } from '../../src/app/renga.ts';
import { openRequests } from '../../src/outside/open-requests.ts';
import { ANYWHERE } from '../../src/outside/place-rules.ts';
import { openCommands } from '../../src/outside/run-command.ts';
import { openLock } from '../../src/store/open-lock.ts';

export function openExampleOutside(
  root: string,
): Pick<Renga, 'sendRequest' | 'judgeAddress' | 'runCommand' | 'carryLock'> {
  return {
    sendRequest: openRequests({ rules: ANYWHERE, timeLimit: 5000, userAgent: 'Renga/1.0.0' }),
    judgeAddress: () => null,
    runCommand: openCommands({ environment: { PATH: process.env['PATH'] }, timeLimit: 20_000 }),
    carryLock: openLock(join(root, 'var', 'carry.lock')),
  };
}
