/**
 * Counts who reads the feeds while they are served: in memory, a few additions for each answer, and written to the store now and then. Killed in
 * between, the program forgets what it counted since, and nothing else.
 */
import { parseReader, type FeedReading, type ReaderCount } from '../../domain/reader.ts';
import type { Renga } from '../renga.ts';

export type ReaderTally = {
  /** Never throws. */
  readonly count: (reading: FeedReading) => void;
  /** Writes what changed since the last time. */
  readonly keep: () => Promise<void>;
};

/** Pairs of reader and feed that are counted by name on one day; further ones are counted together, so that nobody fills the store with made-up names. */
const MOST_NAMES = 500;
export const OTHERS = 'others';
/** For how long the counts of a day are kept. */
const DAYS_KEPT = 90;
/** User-Agents whose reader is remembered, so that it is not found out for every request. */
const MOST_AGENTS = 1000;

type Sum = { -readonly [Key in keyof ReaderCount]: ReaderCount[Key] };

export function openReaderTally({
  store,
  clock,
  worker,
}: Pick<Renga, 'store' | 'clock' | 'worker'>): ReaderTally {
  const readerOf = rememberReaders();
  let day = '';
  let sums = new Map<string, Sum>();
  let changed = new Set<Sum>();

  const today = (): string => clock().toZonedDateTimeISO('UTC').toPlainDate().toString();
  const sumOf = (reader: string, feed: string): Sum => {
    const key = `${reader}\n${feed}`;
    const known = sums.get(key);
    if (known) return known;
    if (sums.size >= MOST_NAMES && reader !== OTHERS) return sumOf(OTHERS, '');
    const sum = emptySum(day, reader, feed);
    sums.set(key, sum);
    return sum;
  };

  day = today();
  return {
    count: (reading) => {
      const { name, subscribers } = readerOf(reading.agent);
      const sum = sumOf(name, reading.feed);
      if (subscribers !== null && sum.reader !== OTHERS) sum.subscribers = subscribers;
      add(sum, reading);
      changed.add(sum);
    },
    keep: async () => {
      const counts = [...changed];
      changed = new Set();
      try {
        await store.readers.record(worker.id, counts);
      } catch (error) {
        for (const sum of counts) changed.add(sum);
        throw error;
      }
      const now = today();
      if (now === day) return;
      day = now;
      sums = new Map();
      await store.readers.forget(Temporal.PlainDate.from(now).subtract({ days: DAYS_KEPT }).toString());
    },
  };
}

function emptySum(day: string, reader: string, feed: string): Sum {
  return {
    day,
    reader,
    feed,
    subscribers: null,
    requests: 0,
    conditional: 0,
    unchanged: 0,
    deltas: 0,
    refused: 0,
    sent: 0,
    savedUnchanged: 0,
    savedDeltas: 0,
    savedCodings: 0,
  };
}

function add(sum: Sum, { isConditional, status, sent, saved }: FeedReading): void {
  sum.requests += 1;
  if (isConditional) sum.conditional += 1;
  if (status === 304) sum.unchanged += 1;
  if (status === 226) sum.deltas += 1;
  if (status === 429) sum.refused += 1;
  sum.sent += sent;
  sum.savedUnchanged += saved.unchanged;
  sum.savedDeltas += saved.deltas;
  sum.savedCodings += saved.codings;
}

function rememberReaders(): typeof parseReader {
  const known = new Map<string, ReturnType<typeof parseReader>>();
  return (agent) => {
    const remembered = known.get(agent);
    if (remembered) return remembered;
    const reader = parseReader(agent);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= MOST_AGENTS) known.delete(oldest);
    known.set(agent, reader);
    return reader;
  };
}
