/**
 * Keeps answering sign-ups and handing out notices while the program runs. It looks by itself, every other second, and is not woken by a request: so no answer
 * of the server can tell by its time what is done about it.
 */
import { handOutNotices, tidyNotices, type NoticeSender } from './hand-out-notices.ts';
import type { NoticeMaker, openNoticeMaker } from './make-notice.ts';
import type { Renga } from '../renga.ts';
import { openFailureTeller } from '../tell-failures.ts';

const LOOK_EVERY_MILLISECONDS = 2_000;
/** How many looks lie between two tidyings. */
const LOOKS_PER_TIDYING = 150;

export type NoticeKeeper = NoticeSender & Parameters<typeof openNoticeMaker>[0] & Pick<Renga, 'report'>;

/** Resolves when `signal` is aborted and what is in flight is finished. */
export async function keepNotices(renga: NoticeKeeper, signal: AbortSignal): Promise<void> {
  const teller = openFailureTeller(renga);
  const makeMessage = makeNoticesLater(renga);
  for (let look = 0; !signal.aborted; look += 1) {
    try {
      if (look % LOOKS_PER_TIDYING === 0) await tidyNotices(renga);
      await handOutNotices(renga, makeMessage, signal);
      teller.wentWell();
    } catch (error) {
      teller.failed(error);
    }
    await pass(signal);
  }
}

async function pass(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, LOOK_EVERY_MILLISECONDS);
    signal.addEventListener('abort', end);
  });
}

/** One look, for commands that end: what is due now. */
export async function handOutOnce(renga: NoticeKeeper, signal: AbortSignal): Promise<void> {
  await tidyNotices(renga);
  await handOutNotices(renga, makeNoticesLater(renga), signal);
}

/** Loaded with the first notice: most runs have none. */
function makeNoticesLater(renga: NoticeKeeper): NoticeMaker {
  let opening: Promise<NoticeMaker> | null = null;
  const open = async (): Promise<NoticeMaker> => {
    const { openNoticeMaker } = await import('./make-notice.ts');
    return openNoticeMaker(renga);
  };
  return async (claim, sealer) => await (await (opening ??= open()))(claim, sealer);
}
