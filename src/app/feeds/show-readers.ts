/** Who reads the feeds, summed up: `renga feeds stats`. */
import type { ReaderCount } from '../../domain/reader.ts';
import type { Renga } from '../renga.ts';

export type ReaderStats = {
  /** First day that is counted, `2026-11-20` (UTC): 29 days ago, or when the publication began. */
  readonly since: string;
  readonly readers: readonly ReaderSummary[];
  /** People that fetchers said they read for; those who fetch by themselves are not among them, for nobody's address is kept. */
  readonly subscribers: number;
  readonly requests: number;
  /** Bytes of bodies, and what was not sent. */
  readonly sent: number;
  readonly saved: { readonly unchanged: number; readonly deltas: number; readonly codings: number };
};

export type ReaderSummary = {
  readonly name: string;
  readonly subscribers: number | null;
  readonly requests: number;
  readonly unchanged: number;
  readonly deltas: number;
  readonly refused: number;
  readonly sent: number;
  /** It asked several times and never with a condition. */
  readonly neverConditional: boolean;
};

export const DAYS_SHOWN = 30;
/** Whoever asked less often may have come for the first time. */
const FEW_REQUESTS = 3;

export async function showReaders({ store, clock }: Pick<Renga, 'store' | 'clock'>): Promise<ReaderStats> {
  const today = clock().toZonedDateTimeISO('UTC').toPlainDate();
  const counts = await store.readers.since(today.subtract({ days: DAYS_SHOWN - 1 }).toString());
  const since = await findFirstDay(store, counts, today);
  const byName = Map.groupBy(counts, ({ reader }) => reader);
  const readers = [...byName].map(([name, own]) => summarise(name, own)).toSorted(compareReaders);
  return {
    since,
    readers,
    subscribers: readers.reduce((sum, { subscribers }) => sum + (subscribers ?? 0), 0),
    requests: total(counts, 'requests'),
    sent: total(counts, 'sent'),
    saved: {
      unchanged: total(counts, 'savedUnchanged'),
      deltas: total(counts, 'savedDeltas'),
      codings: total(counts, 'savedCodings'),
    },
  };
}

/** No earlier than the first that is known of the publication. */
async function findFirstDay(
  store: Pick<Renga['store'], 'posts'>,
  counts: readonly ReaderCount[],
  today: Temporal.PlainDate,
): Promise<string> {
  const posts = (await store.posts.all()).map(({ firstSeenAt }) =>
    firstSeenAt.toZonedDateTimeISO('UTC').toPlainDate().toString(),
  );
  const known = [today.toString(), ...counts.map(({ day }) => day), ...posts];
  const earliest = known.reduce((first, day) => (day < first ? day : first));
  const limit = today.subtract({ days: DAYS_SHOWN - 1 }).toString();
  return earliest < limit ? limit : earliest;
}

function summarise(name: string, counts: readonly ReaderCount[]): ReaderSummary {
  const requests = total(counts, 'requests');
  return {
    name,
    subscribers: sumSubscribers(counts),
    requests,
    unchanged: total(counts, 'unchanged'),
    deltas: total(counts, 'deltas'),
    refused: total(counts, 'refused'),
    sent: total(counts, 'sent'),
    neverConditional: requests >= FEW_REQUESTS && total(counts, 'conditional') === 0,
  };
}

/** What it said last of each feed, over all feeds: a fetcher reads RSS for some and Atom for others. Counts come oldest first. */
function sumSubscribers(counts: readonly ReaderCount[]): number | null {
  const last = new Map<string, number>();
  for (const { feed, subscribers } of counts) if (subscribers !== null) last.set(feed, subscribers);
  return last.size === 0 ? null : [...last.values()].reduce((sum, one) => sum + one, 0);
}

type Amount = {
  [Key in keyof ReaderCount]: ReaderCount[Key] extends number ? Key : never;
}[keyof ReaderCount];

function total(counts: readonly ReaderCount[], key: Amount): number {
  return counts.reduce((sum, count) => sum + count[key], 0);
}

function compareReaders(a: ReaderSummary, b: ReaderSummary): number {
  return (b.subscribers ?? 0) - (a.subscribers ?? 0) || b.requests - a.requests || (a.name < b.name ? -1 : 1);
}
