/**
 * Links from post to post, which their author made from file to file: each leads to the other's page, wherever that is now. What leads to nothing a reader may see is told
 * of, and left out as a missing file is.
 */
import type { FindPost, Post } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import { type LineFinder, openLineFinder } from '../../posts/find-line.ts';
import { isPostName } from '../../posts/ignore-names.ts';
import { listLinkedPaths } from '../../posts/list-linked-paths.ts';
import { composePostUrl } from './compose-post-url.ts';
import type { Renga } from '../renga.ts';

/** `url`: absolute. */
export type PostLink = { readonly reference: string; readonly url: string };

export type PostLinks = {
  readonly links: readonly PostLink[];
  readonly problems: readonly Problem[];
  /** Files that decide where they lead. */
  readonly paths: readonly string[];
};

type Linker = Pick<Renga, 'publication' | 'settings' | 'root'>;

/** Whether a reference in a post's body means another post, be there one or not. */
export function meansPost({ path }: Pick<Post, 'path'>, reference: string, findPost: FindPost): boolean {
  return areOfPost(listLinkedPaths(path, reference), findPost);
}

function areOfPost(paths: readonly string[], findPost: FindPost): boolean {
  return paths.some((path) => isPostName(path) || findPost(path) !== null);
}

/** `references`: of the body, to files of all kinds. */
export function linkPosts(
  renga: Linker,
  post: Pick<Post, 'path'>,
  references: readonly string[],
  findPost: FindPost,
): PostLinks {
  const linked = references.map((reference) => ({
    reference,
    paths: listLinkedPaths(post.path, reference),
  }));
  const paths = linked.flatMap((one) => one.paths);
  if (paths.length === 0) return NO_LINKS;
  const links: PostLink[] = [];
  const problems: Problem[] = [];
  const findLine = openLineFinder(renga.root, post.path);
  for (const { reference, paths: likeliest } of linked) {
    if (!areOfPost(likeliest, findPost)) continue;
    const [found] = likeliest.flatMap((path) => findPost(path) ?? []);
    if (found?.isPublished) links.push({ reference, url: composePostUrl(renga, found.post) });
    else problems.push(warn(findLine, post, reference, found?.post ?? null));
  }
  return { links, problems: tellFew(post, problems), paths };
}

/** Of one post no more are told one by one. */
const MOST_TOLD = 20;

function tellFew({ path }: Pick<Post, 'path'>, problems: readonly Problem[]): readonly Problem[] {
  const more = problems.length - MOST_TOLD;
  if (more <= 0) return problems;
  const message = `the links to ${more} more posts lead to no page, so their text stands without them`;
  return [...problems.slice(0, MOST_TOLD), { severity: 'warning', path, line: null, message }];
}

const NO_LINKS: PostLinks = { links: [], problems: [], paths: [] };

function warn(
  findLine: LineFinder,
  { path }: Pick<Post, 'path'>,
  reference: string,
  target: Post | null,
): Problem {
  const shown = reference
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, 200)
    .toWellFormed();
  const message = `the link to "${shown}" ${explain(target)}`;
  return { severity: 'warning', path, line: findLine(reference), message };
}

function explain(target: Post | null): string {
  if (!target) {
    return 'leads to no post, so its text stands without it: write the path from this file to the other, in the same letters, and see that the other has no error of its own';
  }
  if (target.draft) return 'leads to a draft, so its text stands without it until that is published';
  const due = target.publishedAt.toString({ smallestUnit: 'minute', timeZoneName: 'never' });
  return `leads to a post that is due on ${due}, so its text stands without it until then`;
}
