/**
 * The pictures and files a post refers to → what is to be copied into `public/`. Nothing leaves `posts/` that does not lie in it, is
 * hidden, is another post, or could run in a reader's browser; each that is left behind is told of.
 */
import { realpathSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import type { Asset } from '../domain/body.ts';
import type { Problem } from '../domain/problem.ts';
import { compareCodePoints } from './compare-code-points.ts';
import type { FileFacts } from './describe-file.ts';
import type { FileBook } from './file-book.ts';
import { isIgnoredName, isPostName } from './ignore-names.ts';
import { decodeReference } from './list-linked-paths.ts';
import { nameApart, nameAsset, typeOfName } from './name-asset.ts';
import { looksLikeTranscript } from './parse-transcript.ts';
import { errorCode, stampOf } from './read-file-bytes.ts';
import { isInside } from './walk-posts.ts';

export type FindAssetsOptions = {
  /** The publication's folder. */
  readonly root: string;
  /** As `realFolder` tells of it. */
  readonly top: string | null;
  readonly post: { readonly path: string; readonly slug: string };
  /** Local references as the body or the front matter has them: escaped, with query and fragment, relative to the post's file. */
  readonly references: readonly string[];
  /** What is known of files already. */
  readonly book: FileBook;
};

export type FoundAssets = {
  readonly assets: readonly Asset[];
  readonly problems: readonly Problem[];
  /** Whether `walkPosts` would notice any change of what was found or missed: it passes over names like `a.tmp`, which posts may refer to. */
  readonly isInSight: boolean;
};

type Located =
  | {
      readonly kind: 'located';
      readonly reference: string;
      readonly path: string;
      readonly file: string;
      readonly stamp: string;
    }
  | {
      readonly kind: 'refused';
      readonly reference: string;
      readonly reason: string;
      /** Null when no file was looked for. */
      readonly path: string | null;
    };

/** What a browser may run with the site's rights, or a server may run by itself. */
const ACTIVE =
  /\.(?:[xs]?html?|xht|mht(?:ml)?|xml|xsl|xslt|svgz|m?js|cjs|php\d?|phtml|phar|aspx?|jsp|cgi|hta|swf|jar)$/i;

/** The real path of `posts/`, asked once for many posts; null where there is none. */
export function realFolder(root: string): string | null {
  return realFile(join(root, 'posts'));
}

export async function findAssets(options: FindAssetsOptions): Promise<FoundAssets> {
  const { post, references, book } = options;
  const assets: Asset[] = [];
  const problems: Problem[] = [];
  const located = [...new Set(references)].map((reference) => locate(options, reference));
  const names = new Map<string, string>();
  for (const found of located.toSorted(compareLocated)) {
    const asset = found.kind === 'located' ? await describe(found, post.slug, names, book) : found;
    if ('publicPath' in asset) assets.push(asset);
    else problems.push(warn(post.path, asset.reference, asset.reason));
  }
  const isInSight = located.every(
    (found) => found.path === null || !found.path.split('/').some(isIgnoredName),
  );
  return { assets, problems, isInSight };
}

/** By file, so that which of two files keeps its name does not depend on which the text shows first. */
function compareLocated(a: Located, b: Located): number {
  const key = (found: Located): string => `${found.kind === 'located' ? found.path : ''}\n${found.reference}`;
  return compareCodePoints(key(a), key(b));
}

function locate({ root, top, post }: FindAssetsOptions, reference: string): Located {
  const refuse = (reason: string, at: string | null = null): Located => {
    return { kind: 'refused', reference, reason, path: at };
  };
  const written = decodeReference(reference);
  if (written === null) return refuse('is no path: check its % signs');
  if (/^[/\\]/.test(written)) return refuse('begins with /: write it relative to the post');
  const path = posix.join(posix.dirname(post.path), written);
  const reason = refusePath(path, written);
  if (reason !== null) return refuse(reason);
  const file = realFile(join(root, ...path.split('/')));
  if (file === null) return refuse('is missing: put the file beside the post, or remove the reference', path);
  if (top === null || !isInside(file, top))
    return refuse('leads out of posts/ through a link: copy the file beside the post', path);
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  if (!stats?.isFile()) return refuse('is not a file', path);
  if (ACTIVE.test(file))
    return refuse('could run in a browser or on a server: link to it elsewhere, or pack it as .zip', path);
  const isPost = isPostName(file) || (/\.txt$/i.test(file) && looksLikeTranscript(file));
  return isPost
    ? refuse('is a post: link to its page', path)
    : { kind: 'located', reference, path, file, stamp: stampOf(stats) };
}

function refusePath(path: string, written: string): string | null {
  if (/\p{Cc}/u.test(path)) return 'holds control characters';
  if (!path.startsWith('posts/')) return 'leaves posts/: copy the file beside the post';
  if (/(?:^|\/)\.(?!\.?(?:\/|$))/.test(written)) return 'is a hidden file, which is never published';
  return ACTIVE.test(path)
    ? 'could run in a browser or on a server: link to it elsewhere, or pack it as .zip'
    : null;
}

function realFile(file: string): string | null {
  try {
    return realpathSync.native(file);
  } catch (error) {
    errorCode(error);
    return null;
  }
}

type Refused = Extract<Located, { kind: 'refused' }>;

async function describe(
  { reference, path, file, stamp }: Extract<Located, { kind: 'located' }>,
  slug: string,
  names: Map<string, string>,
  book: FileBook,
): Promise<Asset | Refused> {
  const facts = book.recall(path, stamp) ?? (await describeOrNull(file, path, book));
  if (!facts) return { kind: 'refused', reference, path, reason: 'cannot be read: check its permissions' };
  const name = claimName(names, nameAsset(basename(path)), facts.hash);
  return { reference, path, publicPath: `${slug}/${name}`, type: typeOfName(name), ...facts };
}

async function describeOrNull(file: string, path: string, book: FileBook): Promise<FileFacts | null> {
  try {
    // Loaded with the first file that is not known: most runs find all as they were.
    const { describeFile } = await import('./describe-file.ts');
    const described = await describeFile(file);
    if (described?.stamp) book.note(path, described.stamp, described.facts);
    return described?.facts ?? null;
  } catch (error) {
    errorCode(error);
    return null;
  }
}

/** Names that differ in case alone are one name on some disks. */
function claimName(names: Map<string, string>, name: string, hash: string): string {
  const owner = names.get(name.toLowerCase());
  if (owner !== undefined && owner !== hash) return nameApart(name, hash);
  names.set(name.toLowerCase(), hash);
  return name;
}

function warn(path: string, reference: string, reason: string): Problem {
  const shown = reference
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, 200)
    .toWellFormed();
  return { severity: 'warning', path, line: null, message: `the file "${shown}" ${reason}` };
}
