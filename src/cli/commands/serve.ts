/** `renga serve`: publishes, serves, keeps the schedule and delivers until it is told to stop; then it finishes what is in flight. */
import { keepGoing } from '../../app/keep-going.ts';
import { wakeEveryMinute } from '../../app/wake-every-minute.ts';
import { type Context, type OpenRenga, withRenga } from '../context.ts';
import { renderRows } from '../phrases.ts';
import { openProgress, type Progress } from '../progress.ts';
import { tellConfigProblems } from '../tell-config-problems.ts';
import { writeLine } from '../terminal.ts';

export async function runServe(context: Context, flags: { readonly port?: number }): Promise<void> {
  const progress = openProgress(context.terminal, { quiet: false });
  await withRenga(
    context,
    async (open) => {
      tellConfigProblems(context, open.renga);
      await serveUntilStopped(context, open, flags.port ?? null, progress);
    },
    progress.report,
    flags.port ?? null,
  );
}

/** The server first: a taken port is told before anything is published or sent. */
export async function serveUntilStopped(
  context: Context,
  open: OpenRenga,
  port: number | null,
  progress: Progress,
): Promise<void> {
  const server = await context.wiring.startServer(open, port);
  const going = keepGoing(open.renga, wakeEveryMinute);
  try {
    await going.firstRound;
    progress.finish();
    context.terminal.write(renderPlaces(open, server.url));
    await untilAborted(context.stopping);
    writeLine(context.terminal, 'Stopping: finishing what is in flight.');
  } finally {
    await going.stop();
    await server.close();
    progress.finish();
  }
}

function renderPlaces({ renga, usesInbox }: OpenRenga, url: string): string {
  const rows: (readonly [string, string])[] = [
    ['pages', url],
    ['feeds', `${url}rss.xml  ${url}atom.xml  ${url}feed.json`],
  ];
  if (usesInbox) rows.push(['inbox', `${url}inbox`]);
  return `${renga.publication.title} is at\n${renderRows(rows)}Ctrl-C stops it.\n`;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
