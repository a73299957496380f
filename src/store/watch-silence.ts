/**
 * Notices a session whose network was cut without a word: TCP alone would wait for a quarter of an hour. While a statement is unanswered, a
 * second session asks the server now and then whether it is at work for the first; if not, or if nobody answers, the first is closed.
 */
import { Client, type ClientConfig, type PoolClient } from 'pg';

const LOOK_EVERY_MILLISECONDS = 10_000;

/** Gives what ends the watch. However long a statement takes, a session that the server works for is left alone. */
export function watchSilence(
  client: PoolClient,
  config: ClientConfig,
  everyMilliseconds = LOOK_EVERY_MILLISECONDS,
): () => void {
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const isAtWork = await isAtWorkFor(processOf(client), config, everyMilliseconds);
    isLooking = false;
    // With a statement open, this closes the line at once and fails the statement.
    if (!isAtWork && !isOver) await client.end().catch(() => undefined);
  };
  let isOver = false;
  const timer = setInterval(() => void look(), everyMilliseconds);
  timer.unref();
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

/** PostgreSQL tells it to each session at its start (protocol message BackendKeyData). */
function processOf(client: PoolClient): number | null {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : null;
}

async function isAtWorkFor(pid: number | null, config: ClientConfig, timeout: number): Promise<boolean> {
  const probe = new Client({ ...config, connectionTimeoutMillis: timeout, query_timeout: timeout });
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    // Idle, it has answered what we still wait for, or has never heard the question.
    const { rowCount } = await probe.query(
      "select 1 from pg_stat_activity where pid = $1 and state not like 'idle%'",
      [pid],
    );
    return rowCount === 1;
  } catch {
    return false;
  } finally {
    await probe.end().catch(() => undefined);
  }
}
