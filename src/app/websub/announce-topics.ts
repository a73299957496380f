/** Finds topics that changed since their hubs were told, and owes the calls: by hash, so that no death between writing a feed and telling of it is forgotten. */
import { type Announcement, EMBEDDED_HUB } from '../../domain/websub.ts';
import type { PublicFiles } from '../carry/read-public.ts';
import type { Renga } from '../renga.ts';
import { isTopic, topicUrl } from './topics.ts';

/** `files` as readers see them. How many calls to hubs, or topics of the embedded one, are owed by this. */
export async function announceTopics(
  { publication, websub, store, clock }: Pick<Renga, 'publication' | 'websub' | 'store' | 'clock'>,
  files: PublicFiles,
): Promise<number> {
  const { hubs, ownHub } = websub;
  if (hubs.length === 0) return 0;
  const told = new Map(
    (await store.websub.announcements()).map(({ hub, topic, hash }) => [`${hub} ${topic}`, hash]),
  );
  const news: Announcement[] = [];
  for (const [path, hash] of files) {
    if (!isTopic(path)) continue;
    const topic = topicUrl(publication, path);
    for (const url of hubs) {
      const hub = url === ownHub ? EMBEDDED_HUB : url;
      if (told.get(`${hub} ${topic}`) !== hash) news.push({ hub, topic, hash });
    }
  }
  if (news.length > 0) await store.websub.announce(news, clock());
  return news.length;
}
