/**
 * The promise, judged from both ends: what the server wrote down before each 250, and what the ledger says of each person. Says what is
 * wrong in words, one line each; nothing wrong is an empty list.
 */
import type { DeliveryState } from '../../src/domain/delivery.ts';
import type { Answered, Line, Taken } from './ledger-lines.ts';

export type Delivery = { readonly address: string; readonly state: DeliveryState };

export type Case = {
  readonly audience: readonly string[];
  readonly lines: readonly Line[];
  readonly deliveries: readonly Delivery[];
  /** Connections that the program broke off, beside those that the server knows of. */
  readonly cut: readonly number[];
};

/** What the server saw, in the shape that the rules ask for. */
type Sight = {
  readonly taken: readonly Taken[];
  readonly copies: ReadonlyMap<string, readonly Taken[]>;
  /** The last message of each connection. */
  readonly last: ReadonlyMap<number, Taken>;
  /** Connections that were open when the program was struck, or that the server broke off itself. */
  readonly cut: ReadonlySet<number>;
  /** Who may be in doubt: the line was cut when their body had arrived, or their answer was on its way. */
  readonly doubtful: ReadonlySet<string>;
};

export function judgePromise(known: Case): readonly string[] {
  const sight = look(known.lines, known.cut);
  return [
    ...judgeSums(known),
    ...judgeCopies(sight),
    ...judgeLoss(known, sight),
    ...judgeDoubt(known, sight),
  ];
}

/** How many messages came more than once: each beyond the first of a person counts. */
export function countExtraCopies(lines: readonly Line[]): number {
  const { taken, copies } = look(lines, []);
  return taken.length - copies.size;
}

function look(lines: readonly Line[], brokenOff: readonly number[]): Sight {
  const taken = lines.filter((line) => line.at === 'taken');
  const ended = lines.filter((line) => line.at === 'ended');
  const struck = lines.filter((line) => line.at === 'struck').flatMap(({ open }) => open);
  const byServer = ended.filter(({ by }) => by === 'server').map(({ connection }) => connection);
  const cut = new Set([...struck, ...byServer, ...brokenOff]);
  const last = new Map(taken.map((one) => [one.connection, one]));
  const halfSent = ended.filter(
    ({ connection, body, by }) =>
      cut.has(connection) && (body === 'whole' || (body === 'part' && by === 'server')),
  );
  const answered: readonly Answered[] = lines.filter((line) => line.at === 'answered');
  const toDots = answered.filter(({ isToDot }) => isToDot);
  const lastAnswers = new Map(toDots.map((one) => [one.connection, one]));
  return {
    taken,
    copies: Map.groupBy(taken, ({ to }) => to),
    last,
    cut,
    doubtful: new Set([
      ...halfSent.map(({ to }) => to ?? ''),
      ...[...last.values(), ...lastAnswers.values()]
        .filter(({ connection }) => cut.has(connection))
        .map(({ to }) => to),
    ]),
  };
}

/** Everybody of the frozen audience has exactly one state, and nobody else has any. */
function judgeSums({ audience, deliveries }: Case): readonly string[] {
  const named = deliveries.map(({ address }) => address).toSorted();
  return JSON.stringify(named) === JSON.stringify(audience.toSorted())
    ? []
    : [`${named.length} deliveries do not add up to an audience of ${audience.length}`];
}

/** The same bytes each time; and only the last message of a connection that was cut may come again: one for each connection and blow. */
function judgeCopies({ copies, last, cut }: Sight): readonly string[] {
  return [...copies].flatMap(([to, all]) => {
    const wrong: string[] = [];
    if (new Set(all.map(({ messageId }) => messageId)).size > 1) wrong.push(`${to}: another Message-ID`);
    if (new Set(all.map(({ sha256 }) => sha256)).size > 1) wrong.push(`${to}: other bytes`);
    for (const copy of all.slice(0, -1)) {
      const isLast = last.get(copy.connection) === copy;
      if (!isLast || !cut.has(copy.connection)) {
        wrong.push(`${to}: sent again although connection ${copy.connection} had its answer`);
      }
    }
    return wrong;
  });
}

/** The two ledgers agree about each person. */
function judgeLoss({ deliveries, lines }: Case, { copies }: Sight): readonly string[] {
  const refused = new Set(
    lines.flatMap((line) => (line.at === 'answered' && line.reply.startsWith('5') ? [line.to] : [])),
  );
  return deliveries.flatMap(({ address, state }) => {
    const isTaken = copies.has(address);
    if (state === 'accepted')
      return isTaken ? [] : [`${address}: accepted, and the server has nothing: lost`];
    if (state === 'rejected') return refused.has(address) ? [] : [`${address}: rejected by nobody: lost`];
    if (state === 'in-doubt') return [];
    if (state === 'withdrawn' && !isTaken) return [];
    return [`${address}: ended as ${state}${isTaken ? ', but the server has it' : ''}`];
  });
}

function judgeDoubt({ deliveries }: Case, { doubtful }: Sight): readonly string[] {
  return deliveries
    .filter(({ address, state }) => state === 'in-doubt' && !doubtful.has(address))
    .map(({ address }) => `${address}: in doubt without a reason`);
}
