/** What each target has, as far as we know, and how carrying to it went last: in the cache, whose loss costs carrying again. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Cache } from '../../domain/cache.ts';
import type { Target } from '../../domain/target.ts';
import type { PublicFiles } from './read-public.ts';

const FAILURES = 'target failures';

/** Where the cache keeps what a target has: hashes by path, '' for what may be there. */
export function kindOf(target: Target): string {
  return `target ${createHash('sha256').update(nameOf(target)).digest('hex')}`;
}

/** Tells it apart from others, also over restarts. */
function nameOf(target: Target): string {
  return target.kind === 'folder' ? target.folder : `${target.command}\n${target.remove}`;
}

/** For people: of a command only the program, for the rest may hold what is nobody's business. */
export function describeTarget(target: Target): string {
  if (target.kind === 'folder') return target.folder;
  const program = target.command.split(/\s+/).find((word) => word !== '' && !word.includes('=')) ?? '';
  return `command ${basename(program)}`;
}

/** How many of `files` it has not as they are, and how many it has that are none of them. */
export function countLacking(cache: Cache, target: Target, files: PublicFiles): number {
  const carried = cache.all(kindOf(target));
  let lacking = 0;
  for (const [path, hash] of files) if (carried.get(path) !== hash) lacking += 1;
  for (const path of carried.keys()) if (!files.has(path)) lacking += 1;
  return lacking;
}

/** `message`: null when it went well. */
export function keepFailure(cache: Cache, target: Target, message: string | null): void {
  if (readFailure(cache, target) === message) return;
  cache.put(FAILURES, new Map([[kindOf(target), message === null ? null : JSON.stringify(message)]]));
}

export function readFailure(cache: Cache, target: Target): string | null {
  const text = cache.get(FAILURES, kindOf(target));
  return text === null ? null : (JSON.parse(text) as string);
}
