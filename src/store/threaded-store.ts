/**
 * A SQLite store whose writing has a thread of its own, so that a sync of the disk, or the freeze of a million deliveries, never holds up
 * the sockets of the mail and web servers. It is read in the calling thread: in WAL mode readers wait for nobody.
 */
import type { Store } from '../domain/store.ts';
import { openStore } from './open-store.ts';
import { openStoreThread, type StoreThread } from './open-store-thread.ts';
import type { StorePart, StoreVerb } from './thread-call.ts';
import { identifyFile } from './watch-file.ts';

/** Verbs of delivering and freezing: the thread is started for them. Groups are only read, but of a million subscribers. */
const IN_THREAD = {
  digests: ['groups', 'freeze'],
  // A commit for many visitors, off the loop that answers them.
  signUps: ['ask'],
  ledger: ['enlist', 'release', 'renew', 'claim', 'share', 'unclaim', 'raiseEpoch'],
} as const satisfies Choice;

/** Other verbs that write: in the thread once it runs, for two writers in one program would only wait for each other. */
const WHERE_IT_RUNS = {
  posts: ['record', 'show'],
  series: ['open', 'pass', 'recordSlots', 'decideSlot'],
  ledger: ['setPause', 'endPause', 'hold', 'endHold'],
  subscribers: ['add', 'takeOver', 'choose', 'unsubscribe', 'leave', 'comeBack', 'suppress', 'erase'],
  signUps: ['answer', 'confirm', 'forget'],
  addressChanges: ['ask', 'agree'],
  notices: ['add', 'claim', 'takeTurn', 'mark', 'settle', 'unclaim'],
  readers: ['record', 'forget'],
  repairs: ['resolve', 'cancel', 'recover'],
  websub: ['announce', 'ask', 'claim', 'settle', 'putOffHost', 'confirm', 'endCallback'],
  volumes: ['close'],
} as const satisfies Choice;

type Choice = { readonly [Part in StorePart]?: readonly StoreVerb<Part>[] };

/** `location`: as for `openStore`. PostgreSQL is asked over a socket, and needs no thread. */
export async function openThreadedStore(options: {
  readonly location: string;
  readonly now: Temporal.Instant;
}): Promise<Store> {
  const store = await openStore(options);
  if (/^postgres(?:ql)?:\/\//u.test(options.location)) return store;
  const thread = openStoreThread({
    location: options.location,
    // The thread opens the file later: it must not make another one when that is gone.
    identity: identifyFile(options.location) ?? '',
    now: options.now.epochMilliseconds,
  });
  const moved = moveVerbs(moveVerbs(store, thread, WHERE_IT_RUNS, false), thread, IN_THREAD, true);
  return {
    ...moved,
    ledger: { ...moved.ledger, ...thread.words },
    close: async () => {
      await thread.close();
      await store.close();
    },
  };
}

/** `isStarting`: whether a call starts the thread, or uses it only when it runs. */
function moveVerbs(store: Store, thread: StoreThread, choice: Choice, isStarting: boolean): Store {
  const parts = Object.entries(choice).map(([part, verbs]) => [
    part,
    { ...store[part as StorePart], ...moveEach(store, thread, part as StorePart, verbs, isStarting) },
  ]);
  return { ...store, ...(Object.fromEntries(parts) as Pick<Store, StorePart>) };
}

type Verb = (...parameters: readonly unknown[]) => Promise<unknown>;

function moveEach(
  store: Store,
  thread: StoreThread,
  part: StorePart,
  verbs: readonly string[],
  isStarting: boolean,
): Readonly<Record<string, Verb>> {
  const here = store[part] as unknown as Readonly<Record<string, Verb>>;
  return Object.fromEntries(
    verbs.map((verb) => [
      verb,
      async (...parameters: readonly unknown[]) =>
        isStarting || thread.isRunning()
          ? await thread.call(part, verb, parameters)
          : await here[verb]?.(...parameters),
    ]),
  );
}
