/** The calls that are owed: claimed by one worker at a time, settled under its fence, one row for each target and topic. */
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely';
import type { Call, CallKind, FailingHost, Intent, WebsubRecords } from '../domain/websub.ts';
import { toInstant } from './convert-times.ts';
import type { SqlDialect } from './sql-dialect.ts';
import type { Tables } from './tables.ts';

type CallRow = Tables['calls'];

/** Of those that are due, so many are looked at for one claim: one host's many must not hide the others for long. */
const LOOKED_AT = 200;

type OwedCall = Pick<Call, 'kind' | 'topic' | 'target' | 'intent'>;

/** In one row with what waits already: a call under way is followed by another, one that failed before starts anew. */
export async function oweCall(
  tx: Transaction<Tables>,
  { kind, topic, target, intent }: OwedCall,
  now: number,
): Promise<void> {
  const text = intent && JSON.stringify(intent);
  const row = { ...freshCall(now), kind, topic, target, host: hostOf(target), intent: text };
  await tx
    .insertInto('calls')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'topic', 'target'])
        .doUpdateSet((expression) => ({ ...newer(expression, now), intent: text })),
    )
    .execute();
}

/** The same for every callback of a topic, in one statement: there may be thousands. */
export async function oweDeliveries(tx: Transaction<Tables>, topic: string, now: number): Promise<void> {
  const { version, fence, attempts, next_at, claimed_until } = freshCall(now);
  await tx
    .insertInto('calls')
    .columns(['kind', 'topic', 'target', 'host', 'version', 'fence', 'attempts', 'next_at', 'claimed_until'])
    .expression((from) =>
      from
        .selectFrom('callbacks')
        .select((expression) => [
          sql.lit<CallKind>('deliver').as('kind'),
          'callbacks.topic',
          'callbacks.url as target',
          'callbacks.host',
          ...[version, fence, attempts].map((value, index) => sql.lit(value).as(`fresh_${index}`)),
          expression.cast<number>(expression.val(next_at), 'bigint').as('next_at'),
          sql.lit(claimed_until).as('claimed_until'),
        ])
        .where('callbacks.topic', '=', topic)
        .where('lease_until', '>', now),
    )
    .onConflict((conflict) =>
      conflict.columns(['kind', 'topic', 'target']).doUpdateSet((expression) => newer(expression, now)),
    )
    .execute();
}

function freshCall(now: number) {
  return { version: 1, fence: 0, attempts: 0, next_at: now, claimed_until: 0 };
}

function newer(expression: ExpressionBuilder<Tables, 'calls'>, now: number) {
  return { version: expression('calls.version', '+', 1), attempts: 0, next_at: now };
}

export async function claimCalls(
  tx: Transaction<Tables>,
  { hasConcurrentWriters }: SqlDialect,
  order: Parameters<WebsubRecords['claim']>[0],
): Promise<readonly Call[]> {
  const now = order.now.epochMilliseconds;
  const { limit, perHost, inFlight } = order;
  const busy = Object.keys(inFlight).filter((host) => (inFlight[host] ?? 0) >= perHost);
  const due = await tx
    .selectFrom('calls')
    .selectAll()
    .where('next_at', '<=', now)
    .where('claimed_until', '<=', now)
    .$if(busy.length > 0, (query) => query.where('host', 'not in', busy))
    // `verify`, `ping`, `deliver`: the few go before the many.
    .orderBy('kind', 'desc')
    .orderBy('next_at')
    .orderBy('topic')
    .orderBy('target')
    .limit(LOOKED_AT)
    .$if(hasConcurrentWriters, (query) => query.forUpdate().skipLocked())
    .execute();
  const taken = spread(due, limit, perHost, inFlight);
  for (const row of taken) {
    await tx
      .updateTable('calls')
      .set({ fence: row.fence + 1, claimed_until: order.until.epochMilliseconds })
      .where(isCall(row))
      .execute();
  }
  return taken.map(toCall);
}

function spread(
  due: readonly CallRow[],
  limit: number,
  perHost: number,
  inFlight: Readonly<Record<string, number>>,
): readonly CallRow[] {
  const counts = new Map(Object.entries(inFlight));
  const taken: CallRow[] = [];
  for (const row of due) {
    const count = counts.get(row.host) ?? 0;
    if (taken.length >= limit || count >= perHost) continue;
    counts.set(row.host, count + 1);
    taken.push(row);
  }
  return taken;
}

/** `newer`: news came while the call was under way, so that it is owed again. Each statement looks at fence and version itself: another may wait for the row. */
export async function settleCall(
  tx: Transaction<Tables>,
  call: Call,
  nextAt: number | null,
  now: number,
): Promise<'settled' | 'newer' | 'not-ours'> {
  const settled =
    nextAt === null
      ? (
          await tx
            .deleteFrom('calls')
            .where(isCall(call))
            .where('fence', '=', call.fence)
            .where('version', '=', call.version)
            .executeTakeFirst()
        ).numDeletedRows
      : (
          await tx
            .updateTable('calls')
            .set({ attempts: call.attempts + 1, next_at: nextAt, claimed_until: 0 })
            .where(isCall(call))
            .where('fence', '=', call.fence)
            .where('version', '=', call.version)
            .executeTakeFirst()
        ).numUpdatedRows;
  if (settled > 0n) return 'settled';
  const { numUpdatedRows } = await tx
    .updateTable('calls')
    .set({ attempts: 0, next_at: now, claimed_until: 0 })
    .where(isCall(call))
    .where('fence', '=', call.fence)
    .executeTakeFirst();
  return numUpdatedRows > 0n ? 'newer' : 'not-ours';
}

export async function putOffHost(
  tx: Transaction<Tables>,
  { kind, target, attempts }: Call,
  nextAt: number,
  now: number,
): Promise<void> {
  const waiting = tx
    .updateTable('calls')
    .where('kind', '=', kind)
    .where('host', '=', hostOf(target))
    .where('claimed_until', '<=', now);
  const tried = attempts + 1;
  await waiting.set({ attempts: tried }).where('attempts', '<', tried).execute();
  await waiting.set({ next_at: nextAt }).where('next_at', '<', nextAt).execute();
}

export async function listFailing(db: Kysely<Tables>, most: number): Promise<readonly FailingHost[]> {
  const rows = await db
    .selectFrom('calls')
    .select((all) => [
      'host',
      'kind',
      all.fn.countAll<number>().as('calls'),
      all.fn.max<number>('attempts').as('attempts'),
      all.fn.min<number>('next_at').as('next_at'),
    ])
    .where('attempts', '>', 0)
    .groupBy(['host', 'kind'])
    .orderBy('calls', 'desc')
    .orderBy('host')
    .orderBy('kind')
    .limit(most)
    .execute();
  return rows.map(({ host, kind, calls, attempts, next_at }) => {
    return { host, kind, calls, attempts, nextAt: toInstant(next_at) };
  });
}

function isCall({ kind, topic, target }: Pick<CallRow, 'kind' | 'topic' | 'target'>) {
  return (expression: ExpressionBuilder<Tables, 'calls'>) => expression.and({ kind, topic, target });
}

function toCall(row: CallRow): Call {
  const { kind, topic, target, intent, attempts, fence, version } = row;
  const parsed = intent === null ? null : (JSON.parse(intent) as Intent);
  return { kind, topic, target, intent: parsed, attempts, fence: fence + 1, version };
}

/** Without its port: limits are for whoever has the name. */
export function hostOf(url: string): string {
  return new URL(url).hostname;
}
