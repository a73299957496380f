/**
 * Imports a list, batch by batch, each in one transaction: killed and run again it gives the same list. Nobody who left or is suppressed is revived; whom
 * the list names as having left or as undeliverable is kept out from then on.
 */
import { OperatorError } from '../../domain/operator-error.ts';
import type { Arrival, ArrivalKind, SubscriberState } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';
import type { ListEncoding } from './decode-list.ts';
import type { Columns } from './find-columns.ts';
import { readList } from './read-list.ts';

export type ImportRequest = {
  /** The file's name, without its folder: it is kept as the source, and may say what is in it. */
  readonly file: string;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** Their consent is vouched for: who is nowhere said to be something else is active at once. */
  readonly confirmed: boolean;
  /** What they are of whom the list does not say it. */
  readonly as: SubscriberState | null;
  readonly keepsOrigin: boolean;
  /** Only reads. */
  readonly dryRun: boolean;
};

/** What a list was understood to be, told before the first line of it is imported. */
export type Understood = {
  readonly columns: Columns;
  /** What they are of whom the list does not say it. */
  readonly otherwise: SubscriberState;
};

export type ImportListener = {
  readonly understood: (understood: Understood) => void;
  readonly encoding: (encoding: ListEncoding) => void;
  readonly refused: (line: number, text: string, reason: string) => void;
  /** After each batch: how many lines were read so far. */
  readonly progress: (lines: number) => void;
};

export type ImportReport = {
  /** Lines by where those in them stand in the list. */
  readonly read: Readonly<Record<SubscriberState, number>>;
  /** What became of them; of a dry run, what would, where an address that the list has twice, far apart, counts twice. */
  readonly became: Readonly<Record<ArrivalKind, number>>;
  readonly refused: number;
  /** The first few of each state, as they were understood. */
  readonly examples: readonly Arrival[];
};

const BATCH = 250;
const EXAMPLES_PER_STATE = 2;

export async function importList(
  renga: Pick<Renga, 'store' | 'clock'>,
  request: ImportRequest,
  listener: ImportListener,
): Promise<ImportReport> {
  const now = renga.clock();
  const report = openReport();
  let batch: Arrival[] = [];
  const flush = async (): Promise<void> => {
    const { subscribers } = renga.store;
    if (batch.length > 0) {
      const kinds = request.dryRun
        ? await subscribers.foresee(batch, now)
        : await subscribers.takeOver(batch, now);
      report.became(kinds);
    }
    batch = [];
    listener.progress(report.lines());
  };
  const lines = readList(request.chunks(), {
    encoding: listener.encoding,
    columns: (columns) => {
      const otherwise = decideState(request, columns);
      listener.understood({ columns, otherwise });
      return { state: otherwise, source: `import ${request.file}`, keepsOrigin: request.keepsOrigin, now };
    },
  });
  for await (const line of lines) {
    if (line.kind === 'refused') {
      report.refuse();
      listener.refused(line.line, line.text, line.reason);
    } else {
      report.read(line.arrival);
      batch.push(line.arrival);
    }
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return report.result();
}

function openReport() {
  const read = { pending: 0, active: 0, unsubscribed: 0, suppressed: 0 };
  const became = { added: 0, confirmed: 0, ended: 0, kept: 0, 'kept-out': 0 };
  const examples: Arrival[] = [];
  let refused = 0;
  return {
    read: (arrival: Arrival) => {
      read[arrival.state] += 1;
      if (read[arrival.state] <= EXAMPLES_PER_STATE) examples.push(arrival);
    },
    refuse: () => void (refused += 1),
    became: (kinds: readonly ArrivalKind[]) => {
      for (const kind of kinds) became[kind] += 1;
    },
    lines: () => Object.values(read).reduce((sum, number) => sum + number, refused),
    result: (): ImportReport => ({ read, became, refused, examples }),
  };
}

/** Names that programs and people give to lists of those who must not be written to. */
const NEVER_AGREED = /non-?_?subscribed|transactional/i;
const LEFT = /unsubscri|unsub|opt(?:ed)?[-_ ]?out/i;
const DEAD = /clean|bounce|complain|suppress|blocklist|blacklist|undeliver|do[-_ ]?not|spam/i;

/**
 * What the list itself says counts; then what was said with `--as`; then what the file's name says. The export of a program is of people who agreed there.
 * Throws where a wrong guess would write to somebody who does not want it.
 */
function decideState({ file, as, confirmed }: ImportRequest, { form, meanings }: Columns): SubscriberState {
  if (as !== null) return as;
  if (NEVER_AGREED.test(file)) {
    throw new OperatorError(
      `${file} is a list of people who never agreed to get mail, by its name.`,
      'If that is not so, say what they are: --as active, --as unsubscribed or --as suppressed.',
    );
  }
  const says = new Set(meanings.values());
  const saysState = (['state', 'on', 'off', 'left at', 'bounced at'] as const).some((meaning) =>
    says.has(meaning),
  );
  if (form === 'Mailchimp' && LEFT.test(file)) return 'unsubscribed';
  if (form === 'Mailchimp' && DEAD.test(file)) return 'suppressed';
  if (!saysState && form !== 'Renga' && (LEFT.test(file) || DEAD.test(file))) {
    throw new OperatorError(
      `${file} is a list of people who must not be written to, by its name.`,
      'Say what they are: --as unsubscribed (they left), --as suppressed (it bounced, or they complained), or --as active.',
    );
  }
  return form !== 'plain' || confirmed ? 'active' : 'pending';
}
