/**
 * The walk that a folder would give now, made from the last one and the places where something happened: the rest is not looked at. Where
 * a link or a problem could make one place matter to another, it gives none, and the folder must be walked.
 */
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { compareCodePoints } from './compare-code-points.ts';
import { isIgnoredName } from './ignore-names.ts';
import { errorCode, stampOf } from './read-file-bytes.ts';
import { type FoundFile, foundFile } from './found-file.ts';
import { composeWalk, type Walk } from './walk-posts.ts';

/** `places`: as the system names them, absolute. */
export function walkChanges(last: Walk, places: readonly string[]): Walk | null {
  if (!last.isPlain || last.problems.length > 0) return null;
  const changed = new Set<string>();
  const found = new Map<string, FoundFile>();
  for (const place of places) {
    if (!place.startsWith(last.top + sep)) return null;
    const path = pathOf(last.top, place);
    if (path === null) continue;
    changed.add(path);
    const files = lookAt(last.top, path, place);
    if (files === null) return null;
    for (const file of files) found.set(file.path, file);
  }
  if (changed.size === 0) return last;
  const rest = leaveOut(last.files, [...changed]);
  return composeWalk(last.top, mergeFiles(rest, [...found.values()]));
}

/** Below the publication's folder; null for what a walk would not meet. */
function pathOf(top: string, place: string): string | null {
  const names = place.slice(top.length + 1).split(sep);
  return names.some(isIgnoredName) ? null : ['posts', ...names].join('/');
}

/** All but those at a place, or below one: what lies below stands together in the order of walks, so that only the ends are looked for. */
function leaveOut(files: readonly FoundFile[], places: readonly string[]): readonly FoundFile[] {
  const spans = places.flatMap((place) => [
    { from: findStart(files, place), to: findStart(files, `${place}\0`) },
    { from: findStart(files, `${place}/`), to: findStart(files, `${place}0`) },
  ]);
  const pieces: (readonly FoundFile[])[] = [];
  let at = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from > at) pieces.push(files.slice(at, from));
    at = Math.max(at, to);
  }
  return [...pieces, files.slice(at)].flat();
}

/** Where the first path stands that is not before `path`. */
function findStart(files: readonly FoundFile[], path: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = files[middle];
    if (there && compareCodePoints(there.path, path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The files at a place; none where nothing is. Null where it takes a whole walk to tell. */
function lookAt(top: string, path: string, file: string): readonly FoundFile[] | null {
  try {
    const folder = dirname(file);
    if (/[\p{Cc}\uFFFD]/u.test(path) || realpathSync(folder) !== folder) return null;
    const stats = lstatSync(file, { bigint: true });
    if (stats.isFile()) return [foundFile(top, { path, file, stamp: stampOf(stats) })];
    return stats.isDirectory() ? lookInside(top, path, file) : null;
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? [] : null;
  }
}

function lookInside(top: string, path: string, folder: string): readonly FoundFile[] | null {
  const files: FoundFile[] = [];
  for (const name of readdirSync(folder)) {
    if (isIgnoredName(name)) continue;
    const inside = lookAt(top, `${path}/${name}`, folder + sep + name);
    if (inside === null) return null;
    files.push(...inside);
  }
  return files;
}

/** Both in the order of walks, at most a few of the second. */
function mergeFiles(rest: readonly FoundFile[], found: readonly FoundFile[]): readonly FoundFile[] {
  const pieces: (readonly FoundFile[])[] = [];
  let at = 0;
  for (const file of found.toSorted((a, b) => compareCodePoints(a.path, b.path))) {
    const next = findStart(rest, file.path);
    pieces.push(rest.slice(at, next), [file]);
    at = next;
  }
  return [...pieces, rest.slice(at)].flat();
}
