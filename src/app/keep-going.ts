/**
 * What `serve` does all day. Loops that never meet but in the store: rounds (posts → feeds, pages, digests that are due), one at a
 * time, woken by the folder, by cron and by a post whose time comes; delivering, woken by rounds and by what is due next; notices, which go ahead of
 * both; and sharing (`keep-sharing.ts`), which carries the site elsewhere and tells hubs. Mails of a digest wait for its page (`pages-first.ts`).
 * A round that fails is told, once, and tried again; it never ends the program.
 */
import type { WakeEveryMinute } from './wake-every-minute.ts';
import { deliver, type Deliverer } from './delivery/deliver.ts';
import { keepNotices } from './notices/keep-notices.ts';
import { keepSlots } from './digests/keep-slots.ts';
import { publishRound } from './publish.ts';
import { keepSharing } from './sharing/keep-sharing.ts';
import { openPagesFirst, type PagesFirst } from './sharing/pages-first.ts';
import type { Renga } from './renga.ts';
import { type FailureTeller, openFailureTeller } from './tell-failures.ts';
import { SiteMemory } from './site/site-memory.ts';
import { type Places, watchPosts } from '../posts/watch-posts.ts';

export type KeepGoing = {
  /** Resolves when the first round is over. */
  readonly firstRound: Promise<void>;
  /** Stops taking work, finishes what is in flight, resolves when all is quiet. */
  stop(): Promise<void>;
};

/** How often the folder is looked at without being told: for network folders that tell nothing. */
const LOOK_EVERY_MILLISECONDS = 60_000;
/** How often every file is read, whatever its stamp says: for folders whose stamps are too coarse to tell of an edit. */
const READ_EVERY = { hours: 1 };
/** The longest that delivering sleeps: another program may have made something due. */
const DELIVER_AT_LEAST_EVERY_MILLISECONDS = 30_000;

/** How long the mails of a digest wait for its page to be where their links lead: a place that hangs does not hold them up for good. */
const CARRIED_WITHIN_MILLISECONDS = 60_000;

/** `refresh` is called before each round: what the program itself works with may have changed. `carriedWithin`: milliseconds. */
export function keepGoing(
  renga: Renga,
  wakeEveryMinute: WakeEveryMinute,
  refresh: () => Promise<void>,
  carriedWithin = CARRIED_WITHIN_MILLISECONDS,
): KeepGoing {
  const stopping = new AbortController();
  const sharing = keepSharing(renga, stopping.signal);
  const pages = openPagesFirst(renga, sharing.next, carriedWithin);
  const delivering = keepDelivering({ ...renga, mayClaim: pages.mayClaim }, stopping.signal);
  const noticing = keepNotices(renga, stopping.signal);
  const rounds = keepRounds(renga, refresh, pages.freezing, () => {
    delivering.wake();
    sharing.wake();
  });
  const watch = watchPosts({
    root: renga.root,
    onChange: async (cause, places) => await rounds.wake(cause, places),
    pollMilliseconds: LOOK_EVERY_MILLISECONDS,
  });
  const cron = wakeEveryMinute(() => void rounds.wake('change', []));
  return {
    firstRound: rounds.wake(),
    stop: async () => {
      stopping.abort();
      cron.stop();
      await watch.close();
      await rounds.quiet();
      await delivering.quiet();
      await noticing;
      await sharing.quiet();
    },
  };
}

type Rounds = {
  /** `places`: where something happened; null, as without it, for anywhere. */
  readonly wake: (cause?: 'change' | 'look', places?: Places) => Promise<void>;
  readonly quiet: () => Promise<void>;
};

/** One round at a time; a wake during one means one more after it, never two at once. */
function keepRounds(
  renga: Renga,
  refresh: () => Promise<void>,
  freezing: PagesFirst['freezing'],
  onDone: () => void,
): Rounds {
  const teller = openFailureTeller(renga);
  let running: Promise<void> = Promise.resolve();
  let isWaiting = false;
  const memory = new SiteMemory();
  let isLook = false;
  let noted: Places = [];
  let restUntil = renga.clock();
  let readAgainAt = restUntil.add(READ_EVERY);
  const runAfter = async (earlier: Promise<void>): Promise<void> => {
    await earlier;
    isWaiting = false;
    const begun = renga.clock();
    const isLooking = isLook && isReached(restUntil, begun);
    const isReading = isLooking && isReached(readAgainAt, begun);
    const options = { trustStamps: !isReading, allowEmpty: false };
    const places = isLooking ? null : noted;
    [noted, isLook] = [[], false];
    await runRound(refresh, teller, async () => {
      const { site } = await publishRound(renga, options, memory, places);
      await freezing(async () => await keepSlots(renga, site.prepared));
    });
    if (isLooking) restUntil = restAfter(begun, renga.clock());
    if (isReading) readAgainAt = renga.clock().add(READ_EVERY);
    onDone();
  };
  const wake: Rounds['wake'] = (cause = 'change', places = null) => {
    if (cause === 'look') isLook = true;
    noted = noted && places && [...noted, ...places];
    if (isWaiting) return running;
    isWaiting = true;
    running = runAfter(running);
    return running;
  };
  return { wake, quiet: async () => await running };
}

/** Looking at every file may take a twentieth of the time, not more. */
const LOOK_SHARE = 20;

function restAfter(begun: Temporal.Instant, ended: Temporal.Instant): Temporal.Instant {
  const milliseconds = Math.max(0, ended.epochMilliseconds - begun.epochMilliseconds);
  return ended.add({ milliseconds: milliseconds * LOOK_SHARE });
}

function isReached(time: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(now, time) >= 0;
}

async function runRound(
  refresh: () => Promise<void>,
  teller: FailureTeller,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await refresh();
    await work();
    teller.wentWell();
  } catch (error) {
    teller.failed(error);
  }
}

function keepDelivering(
  renga: Renga & Deliverer,
  signal: AbortSignal,
): { readonly wake: () => void; readonly quiet: () => Promise<void> } {
  let wakeUp: () => void = () => undefined;
  // A wake while it is delivering means one more look after it: what became due then must not wait.
  let isWoken = false;
  const wake = (): void => {
    isWoken = true;
    wakeUp();
  };
  const sleep = async (milliseconds: number): Promise<void> => {
    if (isWoken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  };
  signal.addEventListener('abort', wake);
  const teller = openFailureTeller(renga);
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      isWoken = false;
      const nextDue = await deliverOnce(renga, signal, teller);
      const wait =
        nextDue === null ? Number.POSITIVE_INFINITY : nextDue.since(renga.clock()).total('milliseconds');
      if (!signal.aborted) await sleep(Math.max(1000, Math.min(wait, DELIVER_AT_LEAST_EVERY_MILLISECONDS)));
    }
  };
  const running = run();
  return { wake, quiet: async () => await running };
}

async function deliverOnce(
  renga: Renga & Deliverer,
  signal: AbortSignal,
  teller: FailureTeller,
): Promise<Temporal.Instant | null> {
  try {
    const { nextDue } = await deliver(renga, signal);
    teller.wentWell();
    return nextDue;
  } catch (error) {
    teller.failed(error);
    return null;
  }
}
