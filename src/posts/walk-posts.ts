/**
 * Finds the files below `posts/`, in the order of their paths, with their stamps. It opens none, follows no link out
 * of the folder and no loop, and tells of everything it had to pass over. Folders it remembers are not listed again.
 */
import { hash } from 'node:crypto';
import { realpathSync, statSync, type BigIntStats } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../domain/problem.ts';
import { compareCodePoints } from './compare-code-points.ts';
import { FolderMemory, forgottenFolder, type MetName, type RememberedFolder } from './folder-memory.ts';
import { isPostName } from './ignore-names.ts';
import { type FoundFile, foundFile } from './found-file.ts';
import { errorCode, stampOf } from './read-file-bytes.ts';

export type { FoundFile } from './found-file.ts';

export type Walk = {
  /** By path, in code-point order. */
  readonly files: readonly FoundFile[];
  readonly problems: readonly Problem[];
  /** Whether there is a folder `posts/` that could be listed. */
  readonly isThere: boolean;
  /** SHA-256 (hex) of all that was met: files with their stamps, links with what they lead to, problems. Equal while nothing changed. */
  readonly mark: string;
  /** The real path of `posts/`; empty where there is none. */
  readonly top: string;
  /** Whether no link was met, so that each file has one path. */
  readonly isPlain: boolean;
};

type Folder = {
  readonly path: string;
  /** Its real path. */
  readonly file: string;
  /** The folder that led here, by name or by link. */
  readonly parent: Folder | null;
  readonly remembered: RememberedFolder;
};

type Walking = {
  readonly memory: FolderMemory;
  readonly files: FoundFile[];
  readonly problems: Problem[];
  readonly open: Folder[];
  /** Real folders entered through a link: once each, or a few links could name endless paths. */
  readonly linked: Set<string>;
  /** Each link with its real path. */
  readonly links: string[];
};

/** How many names are looked at before others may have the thread. */
const BATCH = 500;

/** What it meets is the same with a memory and without one. `last`: of the last walk; a file that is as it was is the very same value. */
export async function walkPosts(
  root: string,
  memory = new FolderMemory(),
  last: readonly FoundFile[] = [],
): Promise<Walk> {
  const walking: Walking = { memory, files: [], problems: [], open: [], linked: new Set(), links: [] };
  const top = realPath(join(root, 'posts'));
  if (top.kind === 'missing')
    return { files: [], problems: [], isThere: false, mark: '', top: '', isPlain: false };
  const remembered = memory.enter(top.file);
  walking.open.push({ path: 'posts', file: top.file, parent: null, remembered });
  let isThere = true;
  let seen = 0;
  for (let folder = walking.open.pop(); folder; folder = walking.open.pop()) {
    const names = listFolder(walking, folder);
    if (folder.path === 'posts' && names === null) isThere = false;
    for (const entry of names ?? []) {
      lookAt(walking, folder, entry, top.file);
      seen += 1;
      if (seen % BATCH === 0) await nextTurn();
    }
  }
  walking.files.sort((a, b) => compareCodePoints(a.path, b.path));
  return composeWalk(top.file, keepSame(last, walking.files), { ...walking, isThere });
}

/** Both in the order of walks. */
function keepSame(last: readonly FoundFile[], files: readonly FoundFile[]): readonly FoundFile[] {
  let at = 0;
  return files.map((file) => {
    let known = last[at];
    for (; known && compareCodePoints(known.path, file.path) < 0; known = last[at]) at += 1;
    return known?.path === file.path && known.stamp === file.stamp && known.file === file.file ? known : file;
  });
}

/** `files` in code-point order of their paths. */
export function composeWalk(
  top: string,
  files: readonly FoundFile[],
  { problems, links, isThere }: Pick<Walking, 'problems' | 'links'> & { readonly isThere: boolean } = PLAIN,
): Walk {
  let mark: string | null = null;
  return {
    files,
    problems,
    isThere,
    top,
    isPlain: links.length === 0,
    // When it is asked for: it takes longer than a few changes do.
    get mark() {
      return (mark ??= markOf(top, { files, problems, links }));
    },
  };
}

const PLAIN = { problems: [], links: [], isThere: true };

type Met = {
  readonly files: readonly FoundFile[];
  readonly problems: readonly Problem[];
  readonly links: readonly string[];
};

function markOf(top: string, { files, problems, links }: Met): string {
  // Names hold no line breaks: those that do were passed over.
  let text = JSON.stringify([top, problems, links]);
  for (const { path, stamp } of files) text += `\n${path}\n${stamp}`;
  return hash('sha256', text);
}

function listFolder({ memory, problems }: Walking, folder: Folder): readonly MetName[] | null {
  try {
    return memory.list(folder.file, folder.remembered);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT') {
      problems.push(leaveOut(folder.path, `this folder cannot be listed (${code}): check its permissions`));
    }
    return null;
  }
}

function lookAt(walking: Walking, folder: Folder, entry: MetName, top: string): void {
  const path = `${folder.path}/${entry.name}`;
  const file = folder.file + sep + entry.name;
  if (/\p{Cc}/u.test(entry.name)) {
    const shown = path.replace(/\p{Cc}/gu, '?');
    walking.problems.push(leaveOut(shown, 'its name holds control characters: rename it'));
  } else if (entry.kind === 'folder') {
    walking.open.push({ path, file, parent: folder, remembered: entry.folder });
  } else if (entry.kind === 'link') {
    followLink(walking, folder, { path, file }, top);
  } else {
    addFile(walking, path, file, top);
  }
}

function followLink(
  walking: Walking,
  folder: Folder,
  link: { readonly path: string; readonly file: string },
  top: string,
): void {
  const { path } = link;
  const target = realPath(link.file);
  if (target.kind === 'found') walking.links.push(`${path} → ${target.file}`);
  if (target.kind === 'missing') {
    walking.problems.push(passOver(path, `it is a link that leads ${target.where}: mend or remove it`));
  } else if (!isInside(target.file, top)) {
    walking.problems.push(
      passOver(path, 'it is a link that leaves the folder posts/: copy the file here instead'),
    );
  } else if (statOf(target.file)?.isDirectory()) {
    followFolderLink(walking, folder, path, target.file);
  } else {
    addFile(walking, path, target.file, top);
  }
}

function followFolderLink(
  { problems, open, linked }: Walking,
  folder: Folder,
  path: string,
  target: string,
): void {
  if (leadsThrough(folder, target)) {
    problems.push(passOver(path, 'it is a link to a folder it lies in, a loop: remove it'));
  } else if (linked.has(target)) {
    problems.push(passOver(path, 'it is a link to a folder that another link leads to already: remove one'));
  } else {
    linked.add(target);
    // Not by its name, so remembered by nobody: it is listed each time.
    open.push({ path, file: target, parent: folder, remembered: forgottenFolder() });
  }
}

function leadsThrough(folder: Folder, file: string): boolean {
  for (let at: Folder | null = folder; at; at = at.parent) {
    if (at.file === file) return true;
  }
  return false;
}

function addFile({ files, problems }: Walking, path: string, file: string, top: string): void {
  const stats = statOf(file);
  if (stats?.isFile()) {
    files.push(foundFile(top, { path, file, stamp: stampOf(stats) }));
  } else if (stats) {
    problems.push(passOver(path, 'it is a pipe, a socket or a device, which is never opened: remove it'));
  } else if (path.includes('\uFFFD')) {
    problems.push(leaveOut(path, 'its name is not valid UTF-8: rename it'));
  }
}

type RealPath =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'missing'; readonly where: string };

function realPath(file: string): RealPath {
  try {
    return { kind: 'found', file: realpathSync(file) };
  } catch (error) {
    const code = errorCode(error);
    return { kind: 'missing', where: code === 'ELOOP' ? 'in a circle' : `nowhere (${code})` };
  }
}

/** Null when it went meanwhile, or when its folder lets nobody look. */
function statOf(file: string): BigIntStats | null {
  try {
    return statSync(file, { bigint: true });
  } catch (error) {
    errorCode(error);
    return null;
  }
}

/** Whether a real path is a folder or lies below it. */
export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function leaveOut(path: string, message: string): Problem {
  return { severity: 'error', path, line: null, message };
}

/** An error where a post was meant; a warning for anything else that lies about. */
function passOver(path: string, message: string): Problem {
  return { severity: isPostName(path) ? 'error' : 'warning', path, line: null, message };
}
