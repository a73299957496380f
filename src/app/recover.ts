/** Makes a database that the journal refuses fit to send from, once a person has seen what is known: see docs/recovery.md. */
import { findNewest, type JournalDigest, judgeDatabase, listDigests } from '../domain/journal.ts';
import type { RecoveryResult } from '../domain/store.ts';
import { openSeries } from './digests/keep-slots.ts';
import { publishFeedsAndPages } from './publish.ts';
import type { Renga } from './renga.ts';

export type RecoveryView = {
  readonly kind: ReturnType<typeof judgeDatabase>['kind'];
  /** When this copy was in use last, as far as the journal knows; null when it knows nothing of it. */
  readonly knownUntil: Temporal.Instant | null;
  /** When the journal was written last, or null without one. */
  readonly writtenUntil: Temporal.Instant | null;
  /** Frozen, and unknown to this database. */
  readonly lost: readonly JournalDigest[];
  /** Of digests that it knows: how many deliveries it takes for open, which may have been sent. */
  readonly open: number;
};

export async function viewRecovery({
  store,
  journal,
}: Pick<Renga, 'store' | 'journal'>): Promise<RecoveryView> {
  const lines = await journal.read();
  const epoch = await store.ledger.epoch();
  const { instanceId: instance } = store;
  const { kind } = judgeDatabase({ lines, isOneOfMany: journal.isOneOfMany }, { instance, epoch });
  const own = lines.filter((line) => line.instance === instance && line.epoch <= epoch);
  const digests = await store.digests.all();
  const known = new Set(digests.map(({ series, slot }) => JSON.stringify([series, slot])));
  let open = 0;
  for (const { number } of digests) {
    const counts = await store.ledger.counts(number);
    open += counts.due + counts.claimed + counts['handing-over'] + counts.deferred;
  }
  return {
    kind,
    knownUntil: findNewest(own, instance)?.at ?? null,
    writtenUntil: lines.at(-1)?.at ?? null,
    lost: listDigests(lines).filter(({ series, slot }) => !known.has(JSON.stringify([series, slot]))),
    open,
  };
}

/** `open`: what becomes of open deliveries. Sending goes on afterwards. */
export async function recover(renga: Renga, open: 'skip' | 'resend'): Promise<RecoveryResult> {
  await openMissingSeries(renga);
  return await acceptDatabase(renga, open);
}

/** Where every series has run before. */
export async function acceptDatabase(
  { store, journal, clock }: Pick<Renga, 'store' | 'journal' | 'clock'>,
  open: 'skip' | 'resend',
): Promise<RecoveryResult> {
  const lines = await journal.read();
  const { instanceId: instance } = store;
  const above = findNewest(lines, instance)?.epoch ?? 0;
  const result = await store.repairs.recover({ digests: listDigests(lines), open, above, now: clock() });
  await journal.append([{ instance, epoch: result.epoch, at: clock(), event: 'recovered' }]);
  return result;
}

/** In a database made afresh no series has run yet: posts that are there already are its backlog before anything else is said of it. */
async function openMissingSeries(renga: Renga): Promise<void> {
  const isOpen = await Promise.all(renga.series.map(({ name }) => renga.store.series.isOpen(name)));
  const missing = renga.series.filter((_, index) => !isOpen[index]);
  if (missing.length === 0) return;
  const { site } = await publishFeedsAndPages(renga, { trustStamps: false, allowEmpty: false });
  for (const series of missing) await openSeries(renga, series, site.prepared);
}
