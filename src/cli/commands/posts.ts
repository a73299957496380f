/** `renga posts`, `posts check` and `posts ids`. */
import { listPosts } from '../../app/entries/list-posts.ts';
import { writeIds } from '../../app/identity/write-ids.ts';
import type { Post } from '../../domain/post.ts';
import { type Problem, renderProblem } from '../../domain/problem.ts';
import { renderHaikuLine } from '../../domain/haiku.ts';
import { syllableHint } from '../../posts/count-syllables.ts';
import { type Context, withRenga } from '../context.ts';
import { count } from '../phrases.ts';
import { renderJson } from '../render-json.ts';
import { EXIT } from '../exit-code.ts';
import { tellLine, writeLine } from '../terminal.ts';

export async function runPosts(context: Context, flags: { readonly json?: true }): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const { posts, problems } = await listPosts(renga);
    for (const problem of problems)
      if (problem.severity !== 'hint') tellLine(context.terminal, renderProblem(problem));
    if (flags.json) {
      context.terminal.write(
        renderJson(posts.map(({ post, headings }) => viewPost(post, headings, problems))),
      );
      return;
    }
    for (const { post } of posts) {
      const haiku = post.haiku ? renderHaikuLine(post.haiku) : post.title;
      // Where it is the title, it stands there already.
      const verse = haiku === post.title ? '' : `\n            ${haiku}`;
      writeLine(
        context.terminal,
        `${post.publishedAt.toPlainDate().toString()}  ${post.title}${notesOf(post)}${verse}`,
      );
    }
  });
}

/** Where it is not shown, unless it is shown everywhere. */
function notesOf({ draft, inDigests, inFeeds }: Post): string {
  const notes = [
    ...(draft ? ['draft'] : []),
    ...(inDigests ? [] : ['in no digest']),
    ...(inFeeds ? [] : ['in no feed']),
  ];
  return notes.length > 0 ? ` (${notes.join(', ')})` : '';
}

function viewPost(post: Post, headings: readonly string[], problems: readonly Problem[]): object {
  const { path, slug, id, haiku, title, publishedAt, updatedAt, tags, draft } = post;
  const { inDigests: digest, inFeeds: feed } = post;
  const own = problems.filter((problem) => problem.path === path);
  const said = own.map(({ severity, line, message }) => ({ severity, line, message }));
  const facts = { path, slug, id, haiku, title, publishedAt, updatedAt, tags, draft, digest, feed };
  return { ...facts, problems: said, headings };
}

export async function runPostsCheck(context: Context): Promise<number> {
  return await withRenga(context, async ({ renga }) => {
    const { posts, problems } = await listPosts(renga);
    for (const problem of problems) writeLine(context.terminal, renderProblem(problem));
    for (const { post } of posts) {
      const hint = post.haiku ? syllableHint(post.haiku) : null;
      if (hint)
        writeLine(
          context.terminal,
          renderProblem({ severity: 'hint', path: post.path, line: null, message: hint }),
        );
    }
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    writeLine(context.terminal, `${count(posts.length, 'post')} can be read, ${count(errors, 'error')}`);
    return errors > 0 ? EXIT.problemsFound : EXIT.done;
  });
}

export async function runPostsIds(context: Context, flags: { readonly write?: true }): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    if (!flags.write) {
      const { posts } = await listPosts(renga);
      for (const { post } of posts) writeLine(context.terminal, `${post.id}  ${post.path}`);
      return;
    }
    for (const { path, id, change } of await writeIds(renga))
      writeLine(context.terminal, `${change.padEnd(9)}  ${id}  ${path}`);
    const base = (await renga.store.feedBase()) ?? renga.publication.url;
    const isSaid = base === (renga.settings.feeds.base ?? renga.publication.url);
    if (!isSaid) writeLine(context.terminal, hintOfBase(base));
  });
}

/** After a change of domain. */
function hintOfBase(base: string): string {
  return `The feeds' own ids are made from ${base}: for clones without this database, write "base: ${base}" under "feeds:" in config/renga.yaml.`;
}
