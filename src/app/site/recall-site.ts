/**
 * The memory of a site as the last program left it in the cache, for one that begins: what does not fit the folder, the store or the program any more is
 * not recalled at all, and costs the time that was spent before there was a memory.
 */
import { Forgotten } from '../../domain/forgotten.ts';
import type { Volume } from '../../domain/volume.ts';
import { isPostName } from '../../posts/ignore-names.ts';
import type { PostMemory } from '../../posts/post-memory.ts';
import type { Walk } from '../../posts/walk-posts.ts';
import { seedOf } from '../../render/pages/page-context.ts';
import type { Renga } from '../renga.ts';
import {
  FREE,
  type Head,
  HEAD,
  KIND,
  keyOfSite,
  OUTPUTS,
  type OutputRow,
  POSTS,
  VOLUMES,
} from './keep-site.ts';
import { readRows } from './kept-rows.ts';
import type { FileRow, RecordRow } from './post-rows.ts';
import { recallPosts } from './recall-posts.ts';
import { SiteMemory, writerOf } from './site-memory.ts';

/** `walk`: of this moment. Null where there is nothing that holds. */
export async function recallSite(renga: Renga, walk: Walk): Promise<SiteMemory | null> {
  const text = walk.isPlain && walk.isThere ? renga.cache.get(KIND, HEAD) : null;
  const head = text === null ? null : (JSON.parse(text) as Head);
  if (!head || !(await holds(renga, walk, head))) return null;
  const values = renga.cache.all(KIND);
  // Another program may have written between the two looks.
  if (values.get(HEAD) !== text) return null;
  try {
    return recall(renga, walk, head, values);
  } catch (error) {
    if (error instanceof Forgotten) return null;
    throw error;
  }
}

async function holds(renga: Renga, walk: Walk, head: Head): Promise<boolean> {
  return (
    head.token === writerOf(renga.cache) &&
    head.top === walk.top &&
    head.key === keyOfSite(renga) &&
    head.seed === seedOf(renga) &&
    head.mark === (await renga.store.posts.mark())
  );
}

function recall(
  renga: Renga,
  walk: Walk,
  head: Head,
  values: ReadonlyMap<string, string>,
): SiteMemory | null {
  const posts = readRows(values, { prefix: POSTS, writing: head.writing });
  const outputs = readRows(values, { prefix: OUTPUTS, writing: head.writing });
  const [freeRows, volumes] = [values.get(FREE), values.get(VOLUMES)];
  if (!posts || !outputs || freeRows === undefined || volumes === undefined) return null;
  const memory = new SiteMemory();
  const free = JSON.parse(freeRows) as readonly RecordRow[];
  memory.outputs.recall(
    (outputs as readonly OutputRow[]).map(([path, size, modified, changed, fingerprint]) => [
      path,
      { size, modified, changed, fingerprint },
    ]),
  );
  recallPosts(renga, memory, posts as readonly FileRow[], free, head, walk);
  memory.entries.areFilesInDoubt = hasOtherFiles(memory.posts, walk);
  memory.feeds.learn(JSON.parse(volumes) as readonly Volume[]);
  memory.feeds.areVolumesTouched = false;
  memory.recall(head, walk);
  return memory;
}

/** Whether a file that is no post came, went or changed since. */
function hasOtherFiles(posts: PostMemory, { files }: Walk): boolean {
  let others = 0;
  for (const { path, stamp } of files) {
    if (isPostName(path)) continue;
    others += 1;
    if (posts.get(path)?.from.stamp !== stamp) return true;
  }
  return others !== posts.count((path) => !isPostName(path));
}
