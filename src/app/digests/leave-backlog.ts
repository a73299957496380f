/** What a series may carry: of one that was never run yet, all but its backlog; the store knows the backlog of any other. */
import { isBacklog } from '../../domain/backlog.ts';
import type { Series } from '../../domain/publication.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import type { Renga } from '../renga.ts';

export async function leaveBacklog(
  { store }: Pick<Renga, 'store'>,
  { name, backlog }: Series,
  prepared: readonly PreparedEntry[],
): Promise<readonly PreparedEntry[]> {
  if (await store.series.isOpen(name)) return prepared;
  return prepared.filter(({ post }) => !isBacklog(backlog, post.publishedAt));
}
