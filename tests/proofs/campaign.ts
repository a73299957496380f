/** Campaigns against the real program: struck at chosen or random steps, started again, and judged when nothing is open any more. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pass } from 'node:timers/promises';
import { expect } from 'vitest';
import { countExtraCopies, type Delivery, judgePromise } from './judge-promise.ts';
import type { Line, Step } from './ledger-lines.ts';
import type { LedgerServer } from './open-ledger-server.ts';
import type { Publication } from './prepare-publication.ts';
import { type Ended, type Running, runRenga, startRenga } from './run-renga.ts';

export type Blow = { readonly step: Step; readonly nth: number };

/** More than the longest wait before a retry, so that each run finds due what the one before put off. */
const HOURS_BETWEEN_RUNS = 6;
/** Runs that may pass until nothing is open: under trouble some are cut short by a pause. */
const MOST_RUNS = 60;

export type Campaign = {
  readonly server: LedgerServer;
  readonly publication: Publication;
  /** Runs so far: each has its own hour. */
  runs: number;
  /** Connections that broke off because the program failed. */
  cut: readonly number[];
};

export function beginCampaign(server: LedgerServer, publication: Publication): Campaign {
  return { server, publication, runs: 0, cut: [] };
}

/** Delivers with the death waiting at that step. True when it came: a run that ends first was not there to be killed. */
export async function deliverAndStrike(campaign: Campaign, { step, nth }: Blow): Promise<boolean> {
  const running = startRenga(campaign.publication.root, ['deliver', '--json'], { hours: nextHour(campaign) });
  await campaign.server.wish({ kind: 'ambush', pid: running.pid, step, nth, signal: 'SIGKILL' });
  const { code, signal, error } = await running.ended;
  await campaign.server.wish({ kind: 'peace' });
  if (signal === 'SIGKILL') return true;
  expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' });
  return false;
}

/** A run that is expected to fail. Only the last message of each of its connections may come again. */
export async function deliverToFailure(campaign: Campaign, under: readonly string[] = []): Promise<Ended> {
  const before = await findConnections(campaign);
  const ended = await runRenga(campaign.publication.root, ['deliver', '--json'], {
    hours: nextHour(campaign),
    under,
  });
  const after = await findConnections(campaign);
  campaign.cut = [...campaign.cut, ...after.difference(before)];
  return ended;
}

async function findConnections({ server }: Campaign): Promise<ReadonlySet<number>> {
  const lines = await server.lines();
  return new Set(lines.flatMap((line) => ('connection' in line ? [line.connection] : [])));
}

/** Runs until the program says that nothing is open. */
export async function deliverRest(campaign: Campaign): Promise<void> {
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const ended = await runRenga(campaign.publication.root, ['deliver', '--json'], {
      hours: nextHour(campaign),
    });
    expect({ code: ended.code, error: ended.code === 0 ? '' : ended.error }).toEqual({ code: 0, error: '' });
    if (isDone(ended)) return;
  }
  throw new Error(`deliveries are still open after ${MOST_RUNS} runs`);
}

function isDone({ out }: Ended): boolean {
  return (JSON.parse(out) as { readonly nextDue: string | null }).nextDue === null;
}

function nextHour(campaign: Campaign): number {
  campaign.runs += 1;
  return campaign.runs * HOURS_BETWEEN_RUNS;
}

export async function readDeliveries({ publication }: Campaign): Promise<readonly Delivery[]> {
  const { out } = await runRenga(publication.root, ['deliveries', '--json']);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Delivery);
}

export type Verdict = {
  readonly wrong: readonly string[];
  readonly extraCopies: number;
  readonly deliveries: readonly Delivery[];
  readonly lines: readonly Line[];
};

export async function judge(campaign: Campaign): Promise<Verdict> {
  const [lines, deliveries] = await Promise.all([campaign.server.lines(), readDeliveries(campaign)]);
  const { audience } = campaign.publication;
  const wrong = judgePromise({ audience, lines, deliveries, cut: campaign.cut });
  return { wrong, extraCopies: countExtraCopies(lines), deliveries, lines };
}

export function countStates(deliveries: readonly Delivery[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(deliveries, ({ state }) => state);
  return Object.fromEntries([...groups].map(([state, all]) => [state, all.length]));
}

/** When the server sends which signal. */
export type Moment = { readonly step: Step; readonly nth: number; readonly signal: NodeJS.Signals };

/** A run that the server sends a signal to, at that moment. */
export async function startAndSignal(campaign: Campaign, moment: Moment): Promise<Running> {
  const running = startRenga(campaign.publication.root, ['deliver', '--json'], { hours: 1 });
  await campaign.server.wish({ kind: 'ambush', pid: running.pid, ...moment });
  return running;
}

/** Resolves when the server has struck. */
export async function untilStruck(campaign: Campaign): Promise<void> {
  while (!(await campaign.server.lines()).some(({ at }) => at === 'struck')) await pass(5);
}

/**
 * Puts it to sleep where it holds no lock: asleep in the middle of a transaction, a program on SQLite lets nobody else write until it wakes,
 * and there would be nothing to see.
 */
export async function putToSleep(running: Running): Promise<void> {
  for (;;) {
    running.kill('SIGSTOP');
    await pass(20);
    if (!(await holdsWriteLock(running.pid))) return;
    running.kill('SIGCONT');
    await pass(1);
  }
}

/** Byte 120 of the shared memory is SQLite's lock for the one writer (https://sqlite.org/walformat.html#wal_locks). */
async function holdsWriteLock(pid: number): Promise<boolean> {
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  return locks.split('\n').some((line) => new RegExp(` WRITE ${pid} \\S+ 120 `).test(line));
}
