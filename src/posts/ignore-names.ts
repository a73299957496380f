/** Which names in `posts/` are not the author's words: hidden files, and what editors and downloads leave while they work. */

const UNFINISHED = /(?:~|\.sw[a-z]|\.tmp|\.part|\.crdownload|\.bak)$/i;

export function isIgnoredName(name: string): boolean {
  return name.startsWith('.') || name.startsWith('~') || /^#.*#$/.test(name) || UNFINISHED.test(name);
}

/** Whether a file by this name is a post whatever is in it. */
export function isPostName(name: string): boolean {
  return /\.(?:md|markdown)$/i.test(name);
}
