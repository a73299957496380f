/** Writes recorded ids and dates into front matter (`posts ids --write`), so that a fresh clone without a database keeps them. */
import { isLoopbackUrl } from '../../domain/is-reachable-url.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { writeFrontMatter } from '../../posts/write-front-matter.ts';
import { type Gathered, gatherPosts, recordPosts } from './gather-posts.ts';
import type { Renga } from '../renga.ts';

export type WrittenId = {
  readonly path: string;
  readonly id: string;
  readonly change: 'written' | 'unchanged';
};

/**
 * RFC 4151 §2.1: ids are minted under a name that is the minter's own, and 127.0.0.1 is everybody's. Ids that were recorded so are only kept
 * as they are once there is a name: then readers may know them.
 */
function refuseBorrowedName({ publication }: Pick<Renga, 'publication'>, gathered: Gathered): void {
  if (!isLoopbackUrl(publication.url)) return;
  const { hostname } = new URL(publication.url);
  const borrowed = gathered.posts.filter(({ id }) => id.startsWith(`tag:${hostname},`));
  if (borrowed.length === 0) return;
  throw new OperatorError(
    `Nothing was written: without publication.url, ids would be made under ${hostname}, which is no name of yours, and stay in your posts for good.`,
    'Set publication.url in config/renga.yaml to the address your pages will stand under, then say it again.',
  );
}

export async function writeIds(renga: Renga): Promise<readonly WrittenId[]> {
  const gathered = await gatherPosts(renga, { trustStamps: true, allowEmpty: false });
  refuseBorrowedName(renga, gathered);
  await recordPosts(renga, gathered);
  const written: WrittenId[] = [];
  const { zone } = renga.publication;
  const changes = new Map(
    [...gathered.records, ...gathered.changedRecords].map((record) => [record.id, record.changedAt]),
  );
  for (const { path, id, publishedAt } of gathered.posts) {
    const changedAt = changes.get(id)?.toZonedDateTimeISO(zone);
    const values = { id, date: renderDate(publishedAt), changed: changedAt ? renderDate(changedAt) : null };
    written.push({ path, id, change: await writeFrontMatter({ root: renga.root, path, values }) });
  }
  return written;
}

/** To the second, as feeds have it: a clone must not say another time than this machine did. */
function renderDate(moment: Temporal.ZonedDateTime): string {
  return moment.toString({ timeZoneName: 'never', smallestUnit: 'second', roundingMode: 'floor' });
}
