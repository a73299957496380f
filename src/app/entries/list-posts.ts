/** Posts as their author looks at them: all of them, with the headings of their bodies and every problem. Nothing is published by looking. */
import type { Post } from '../../domain/post.ts';
import type { Problem } from '../../domain/problem.ts';
import { type Gathered, gatherPosts } from '../identity/gather-posts.ts';
import { type BodyFacts, readBodies } from './keep-bodies.ts';
import { prepareEntries } from './prepare-entries.ts';
import type { Renga } from '../renga.ts';

export type ListedPost = { readonly post: Post; readonly headings: readonly string[] };

export type PostList = {
  /** Newest first. */
  readonly posts: readonly ListedPost[];
  /** Of all files, those left out among them. */
  readonly problems: readonly Problem[];
  readonly gathered: Gathered;
};

export async function listPosts(renga: Renga): Promise<PostList> {
  const gathered = await gatherPosts(renga, { trustStamps: true, allowEmpty: true });
  const { entries, problems } = await prepareEntries(renga, gathered.posts, gathered);
  const shown = entries.map(({ post }) => post);
  const facts = await readBodies(renga, shown, gathered.markdownOf);
  const posts = shown.map((post, index) => ({ post, headings: headingsOf(facts[index]) }));
  return { posts, problems: [...gathered.problems, ...problems], gathered };
}

function headingsOf(facts: BodyFacts | null | undefined): readonly string[] {
  return facts?.kind === 'rendered' ? facts.headings : [];
}
