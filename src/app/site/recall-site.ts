/**
 * The memory of a site as the last program left it in the cache, for one that begins: what does not fit the folder, the store or the program any more is
 * not recalled at all, and costs the time that was spent before there was a memory.
 */
import { Forgotten } from '../../domain/forgotten.ts';
import type { Volume } from '../../domain/volume.ts';
import { isPostName } from '../../posts/ignore-names.ts';
import type { PostMemory } from '../../posts/post-memory.ts';
import type { FoundFile } from '../../posts/found-file.ts';
import type { Walk } from '../../posts/walk-posts.ts';
import { seedOf } from '../../render/pages/page-context.ts';
import type { Renga } from '../renga.ts';
import { keyOfSite } from './keep-site.ts';
import { openSheet, type Sheet } from './kept-sheet.ts';
import { FREE, HEAD, type Head, KIND, outputsPlace, PATH, postsPlace, VOLUMES } from './kept-site.ts';
import type { WrittenFile } from './output-memory.ts';
import type { FreeRow } from './post-rows.ts';
import { RecalledOutput } from './recalled-output.ts';
import { recallPosts } from './recall-posts.ts';
import type { Scout } from './scout.ts';
import { SiteMemory } from './site-memory.ts';
import { writerOf } from './site-writer.ts';

/** `walking`: of this moment; it may still be on its way. `scout`: who looks at `public/` meanwhile. Null where there is nothing that holds. */
export async function recallSite(
  renga: Renga,
  walking: Walk | Promise<Walk>,
  scout?: Scout,
): Promise<SiteMemory | null> {
  const text = renga.cache.get(KIND, HEAD);
  const head = text === null ? null : (JSON.parse(text) as Head);
  if (!head || !(await holds(renga, head))) return null;
  try {
    const memory = recall(renga, head, 'files' in walking ? walking.files : []);
    // Another program may have written between the two looks.
    if (renga.cache.get(KIND, HEAD) !== text) return null;
    if (memory && walking instanceof Promise) await rehearse(renga, memory);
    const walk = await walking;
    if (!memory || !walk.isPlain || !walk.isThere || walk.top !== head.top) return null;
    memory.entries.areFilesInDoubt = hasOtherFiles(memory.posts, walk);
    memory.recall(head.token, walk);
    if (scout) memory.outputs.looking = findDoubts(scout, text);
    return memory;
  } catch (error) {
    if (error instanceof Forgotten) return null;
    throw error;
  }
}

/** While somebody else walks. */
async function rehearse(renga: Renga, memory: SiteMemory): Promise<void> {
  const { rehearseSite } = await import('./rehearse-site.ts');
  await rehearseSite(renga, memory);
}

/** Of those who looked with the same knowledge. */
async function findDoubts(scout: Scout, head: string | null): Promise<ReadonlySet<string> | null> {
  const doubts = await scout.doubts();
  return doubts && doubts.head === head ? doubts.paths : null;
}

async function holds(renga: Renga, head: Head): Promise<boolean> {
  return (
    head.token === writerOf(renga.cache) &&
    head.key === keyOfSite(renga) &&
    head.seed === seedOf(renga) &&
    head.mark === (await renga.store.posts.mark())
  );
}

/** `met`: files that were met already, whose values are shared. */
function recall(renga: Renga, head: Head, met: readonly FoundFile[]): SiteMemory | null {
  const { cache } = renga;
  const posts = openSheet(cache, postsPlace(head.writing));
  const outputs = openSheet(cache, outputsPlace(head.writing));
  const [free, volumes] = [cache.get(KIND, FREE), cache.get(KIND, VOLUMES)];
  if (!posts || !outputs || free === null || volumes === null) return null;
  const memory = new SiteMemory();
  memory.kept = { writing: head.writing, posts, outputs };
  memory.sheets = [posts, outputs];
  memory.outputs.recall(recallFiles(outputs));
  recallPosts(renga, memory, posts, JSON.parse(free) as readonly FreeRow[], head, met);
  memory.feeds.learn(JSON.parse(volumes) as readonly Volume[]);
  memory.feeds.areVolumesTouched = false;
  return memory;
}

function* recallFiles(sheet: Sheet): Iterable<readonly [path: string, file: WrittenFile]> {
  const paths = sheet.column(PATH) as readonly string[];
  for (const row of sheet.rows) yield [paths[row] ?? '', new RecalledOutput(sheet, row)];
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
