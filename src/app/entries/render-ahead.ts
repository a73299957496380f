/**
 * Renders bodies while the posts are still being read: what was just read goes to the workshop at once and from there into the cache, under the key of
 * what it was made from. Whoever asks for the bodies later finds them there; what turned out otherwise is made again.
 */
import type { PostFile } from '../../domain/post.ts';
import type { PostListener } from '../../posts/read-posts.ts';
import { BODIES_IN_FLIGHT, type BodyKeeper, collectBodies, renderBody } from './keep-bodies.ts';

/** All bodies that were begun are kept when the work has ended, well or not. */
export async function gatherRendering<T>(
  renga: BodyKeeper,
  work: (listener: PostListener) => Promise<T>,
): Promise<T> {
  const ahead = openAhead(renga);
  try {
    return await work(ahead.listener);
  } finally {
    await ahead.end();
  }
}

function openAhead(renga: BodyKeeper): {
  readonly listener: PostListener;
  readonly end: () => Promise<void>;
} {
  const collector = collectBodies(renga);
  const begun = new Set<Promise<void>>();
  const render = async (file: PostFile, markdown: string): Promise<void> => {
    const { publishedAt } = file;
    // Nobody is shown a draft, and the address of a post without a date may depend on the day it is first seen.
    if (file.draft || publishedAt === null) return;
    collector.add(await renderBody(renga, { ...file, publishedAt }, markdown));
  };
  return {
    listener: {
      hear: (file, markdown) => {
        const body = render(file, markdown);
        begun.add(body);
        // A failure is met again, and told, when the body is asked for.
        void body.catch(() => undefined).finally(() => begun.delete(body));
      },
      busy: () => (begun.size < BODIES_IN_FLIGHT ? null : Promise.race(begun).catch(() => undefined)),
    },
    end: async () => {
      await Promise.allSettled(begun);
      collector.flush();
    },
  };
}
