/**
 * What happens, for programs that read along: one JSON object a line (pino), each with a name that never changes. No address of a subscriber and no
 * password is in it.
 */
import { type Logger, pino } from 'pino';
import type { Event } from '../app/event.ts';
import type { Outcome } from '../domain/delivery.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { Terminal } from './terminal.ts';

/** Outcomes are summed up and told so often. */
const PROGRESS_MILLISECONDS = 1000;

/** Events as lines on standard error. `finish` tells the sums that were not told yet. */
export function logEvents(terminal: Pick<Terminal, 'tell' | 'elapsed'>): {
  readonly report: (event: Event) => void;
  readonly finish: () => void;
} {
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: terminal.tell });
  const sums = openSums(logger, terminal);
  return {
    report: (event) => {
      if (event.kind === 'settled') sums.settle(event.digest, event.outcome);
      else if (event.kind === 'withdrawn') sums.settle(event.digest, event.kind);
      else logEvent(logger, event);
    },
    finish: sums.tell,
  };
}

/** What there is one of for each delivery. */
type Summed = 'settled' | 'withdrawn';

type Counts = Record<Outcome['kind'] | 'withdrawn', number>;

const NONE: Readonly<Counts> = { accepted: 0, deferred: 0, rejected: 0, 'in-doubt': 0, withdrawn: 0 };

/** A line a second, not one a message: half a million of those would drown the rest. */
function openSums(logger: Logger, terminal: Pick<Terminal, 'elapsed'>) {
  const digests = new Map<number, Counts>();
  let toldAt = terminal.elapsed();
  const tell = (): void => {
    for (const [digest, counts] of digests) logger.info({ event: 'delivery.progress', digest, ...counts });
    digests.clear();
    toldAt = terminal.elapsed();
  };
  return {
    tell,
    settle: (digest: number, outcome: keyof Counts): void => {
      const counts = digests.get(digest) ?? { ...NONE };
      counts[outcome] += 1;
      digests.set(digest, counts);
      if (terminal.elapsed() - toldAt >= PROGRESS_MILLISECONDS) tell();
    },
  };
}

const NAMES: Readonly<Record<Exclude<Event['kind'], Summed>, string>> = {
  'posts-read': 'posts.read',
  'site-written': 'site.written',
  'series-opened': 'series.opened',
  'digest-frozen': 'digest.frozen',
  'slot-missed': 'slot.missed',
  'slot-empty': 'slot.empty',
  'delivery-started': 'delivery.started',
  'notice-settled': 'notice.settled',
  'notice-unmade': 'notice.unmade',
  released: 'delivery.released',
  paused: 'delivery.paused',
  'request-failed': 'request.failed',
  'round-failed': 'round.failed',
  carried: 'site.carried',
  'carry-failed': 'site.carry-failed',
  pinged: 'websub.pinged',
  'call-given-up': 'websub.given-up',
  'templates-taken': 'templates.taken',
  'templates-refused': 'templates.refused',
};

const WARNINGS: ReadonlySet<Event['kind']> = new Set(['call-given-up', 'slot-missed', 'paused', 'released']);

function logEvent(logger: Logger, event: Exclude<Event, { kind: Summed }>): void {
  const { kind, ...facts } = event;
  const name = NAMES[kind];
  if ('error' in facts) logger.error({ event: name, ...describeError(facts.error) });
  else if (WARNINGS.has(kind)) logger.warn({ event: name, ...facts });
  else logger.info({ event: name, ...facts });
}

function describeError(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof OperatorError) return { message: maskUrls(error.message), hint: maskUrls(error.hint) };
  if (error instanceof Error) return { message: maskUrls(error.message), stack: maskUrls(error.stack ?? '') };
  return { message: maskUrls(String(error)) };
}

/** Whoever made an error may have put a URL with a password into it. */
function maskUrls(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1***@');
}
