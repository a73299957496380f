/**
 * Keeps the journal (`domain/journal.ts`) while digests are frozen and sent, and refuses to do either from a database that the journal knows
 * to be behind. Always in this order: the epoch is raised in the database, then noted, and only then something leaves that depends on it.
 */
import type { Digest } from '../../domain/digest.ts';
import { findNewest, type JournalDigest, type JournalLine, judgeDatabase } from '../../domain/journal.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import type { Renga } from '../renga.ts';

export type JournalKeeper = Pick<Renga, 'store' | 'journal' | 'clock'>;

/** What one run of delivering keeps. */
export type RunJournal = {
  /** Resolves when a message of this digest may be handed over. Throws OperatorError when the journal cannot be kept, or knows better. */
  readonly cover: (digest: number) => Promise<void>;
  /** Waits for what is still being noted. */
  readonly close: () => Promise<void>;
};

/** How much sending a copy of the database can miss without being found out. */
const BEAT_MILLISECONDS = 1000;

/** Why nothing may be sent or frozen from this database, or null. Also when the journal cannot be read. */
export async function findRefusal(renga: JournalKeeper): Promise<OperatorError | null> {
  try {
    await readFitting(renga);
    return null;
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}

/** Notes digests that were frozen, before anything of them is sent. Throws what `findRefusal` finds. */
export async function noteDigests(renga: JournalKeeper): Promise<void> {
  const lines = await readFitting(renga);
  await appendDigests(renga, findUnnoted(renga, await renga.store.digests.all(), lines));
}

/** Notes that a copy of the database was made: whoever puts it back has an older one. */
export async function noteBackup(renga: JournalKeeper): Promise<void> {
  await readFitting(renga);
  await append(renga, 'backup');
}

/** Throws OperatorError where nothing may be sent. */
export async function openRunJournal(renga: JournalKeeper): Promise<RunJournal> {
  const lines = await readFitting(renga);
  const digests = await renga.store.digests.all();
  await appendDigests(renga, findUnnoted(renga, digests, lines));
  let epoch = findNewest(lines, renga.store.instanceId)?.epoch ?? 0;
  let notedAt = renga.clock().epochMilliseconds;
  const note = async (event: 'run' | 'beat'): Promise<void> => {
    const raised = await append(renga, event);
    // A database that was put back while we were at it counts from where it was.
    if (raised <= epoch) throw refuseOlder(renga);
    epoch = raised;
  };
  await note('run');
  const covered = new Map(digests.map(({ number }) => [number, Promise.resolve()]));
  let beating: Promise<void> = Promise.resolve();
  let failure: { readonly error: unknown } | null = null;
  const beat = (): void => {
    const now = renga.clock().epochMilliseconds;
    if (now - notedAt < BEAT_MILLISECONDS) return;
    notedAt = now;
    beating = beating
      .then(async () => await note('beat'))
      .catch((error: unknown) => {
        failure ??= { error };
      });
  };
  return {
    cover: async (digest) => {
      let covering = covered.get(digest);
      // Frozen by another program while this run goes on.
      if (!covering) covered.set(digest, (covering = noteDigests(renga)));
      await covering;
      beat();
      if (failure) throw failure.error;
    },
    close: async () => await beating,
  };
}

async function readFitting(renga: JournalKeeper): Promise<readonly JournalLine[]> {
  const { store, journal } = renga;
  const lines = await journal.read();
  // Read after the lines: another program of ours may be at work, and notes what is in the database already.
  const epoch = await store.ledger.epoch();
  const verdict = judgeDatabase(
    { lines, isOneOfMany: journal.isOneOfMany },
    { instance: store.instanceId, epoch },
  );
  if (verdict.kind === 'fits') return lines;
  if (verdict.kind === 'older') throw refuseOlder(renga);
  throw verdict.kind === 'exchanged' ? refuseExchanged(renga) : refuseMissing(renga);
}

const RECOVER =
  'Put the newest database back; or, if this is the newest there is, say `renga recover`, which shows what is known: docs/recovery.md.';

function refuseOlder({ journal }: JournalKeeper): OperatorError {
  return new OperatorError(
    `nothing is sent: this database is older than what was sent from it (${journal.place} knows more)`,
    RECOVER,
  );
}

function refuseExchanged({ journal }: JournalKeeper): OperatorError {
  return new OperatorError(
    `nothing is sent: this is not the database that was sent from (${journal.place} knows another)`,
    RECOVER,
  );
}

function refuseMissing({ journal }: JournalKeeper): OperatorError {
  return new OperatorError(
    `nothing is sent: the journal ${journal.place} is missing, so this database may be an older copy`,
    'Put the journal back; or, if this is the newest database, say `renga recover`: docs/recovery.md.',
  );
}

/** The new epoch. */
async function append(renga: JournalKeeper, event: JournalLine['event']): Promise<number> {
  const epoch = await raiseEpoch(renga);
  const { store, journal, clock } = renga;
  await journal.append([{ instance: store.instanceId, epoch, at: clock(), event }]);
  return epoch;
}

async function appendDigests(renga: JournalKeeper, digests: readonly Digest[]): Promise<void> {
  if (digests.length === 0) return;
  const epoch = await raiseEpoch(renga);
  const { store, journal, clock } = renga;
  const line = { instance: store.instanceId, epoch, at: clock(), event: 'digest' as const };
  await journal.append(digests.map((digest) => ({ ...line, digest: toJournal(digest) })));
}

/** The journal is there before the first epoch is: a death in between must not look like a journal that was lost. */
async function raiseEpoch({ store, journal, clock }: JournalKeeper): Promise<number> {
  if ((await store.ledger.epoch()) === 0) {
    await journal.append([{ instance: store.instanceId, epoch: 0, at: clock(), event: 'opened' }]);
  }
  return await store.ledger.raiseEpoch();
}

/** Oldest first. */
function findUnnoted(
  { store }: JournalKeeper,
  digests: readonly Digest[],
  lines: readonly JournalLine[],
): readonly Digest[] {
  const noted = new Set(lines.map(({ instance, digest }) => instance === store.instanceId && digest?.number));
  return digests.filter(({ number }) => !noted.has(number)).toReversed();
}

function toJournal({ number, series, slot, subject, frozenAt, posts }: Digest): JournalDigest {
  return { number, series, slot, subject, frozenAt, posts: posts.map(({ id }) => id) };
}
