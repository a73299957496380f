/** Wires `renga move-database`. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type MoveReport, moveStore } from '../store/move-store.ts';
import { isPostgresUrl } from '../store/open-store.ts';
import { now } from './clock.ts';
import { isAlive } from './describe-process.ts';

/** Moves a whole database; nothing of the publication but its folder is looked at. */
export async function moveDatabase(root: string, from: string, to: string): Promise<MoveReport> {
  const locate = (location: string): string => (isPostgresUrl(location) ? location : resolve(root, location));
  return await moveStore({
    from: locate(from),
    to: locate(to),
    now: now(),
    isDead: (worker) => worker.host === hostname() && !isAlive(worker),
  });
}
