/** `renga serve`: publishes, serves, keeps the schedule and delivers until it is told to stop; then it finishes what is in flight. */
import { keepGoing } from '../../app/keep-going.ts';
import { dismissSamples } from '../../app/subscribers/sample-subscribers.ts';
import { wakeEveryMinute } from '../../app/wake-every-minute.ts';
import { type Context, type Listening, type OpenRenga, withRenga } from '../context.ts';
import { renderRows } from '../phrases.ts';
import { openProgress, type Progress } from '../progress.ts';
import { tellConfigProblems } from '../tell-config-problems.ts';
import { writeLine } from '../terminal.ts';

export async function runServe(context: Context, flags: { readonly port?: number }): Promise<void> {
  await withServer(context, flags.port ?? null, async () => await Promise.resolve());
}

/** The server first: a taken port is told before anything is published or sent, and `prepare` knows the address. Then it serves until it is stopped. */
export async function withServer(
  context: Context,
  port: number | null,
  prepare: (open: OpenRenga, progress: Progress) => Promise<void>,
): Promise<void> {
  const progress = await openProgress(context.terminal, { quiet: false });
  const server = await context.wiring.listen(context.root, port);
  const serve = async (open: OpenRenga): Promise<void> => {
    await tellConfigProblems(context, open.renga);
    if (!open.usesInbox) await dismissSamples(open.renga);
    await server.answerFor(open);
    await prepare(open, progress);
    await serveUntilStopped(context, open, server, progress);
  };
  try {
    await withRenga(context, serve, progress.report, server.port);
  } finally {
    await server.close();
  }
}

async function serveUntilStopped(
  context: Context,
  open: OpenRenga,
  server: Listening,
  progress: Progress,
): Promise<void> {
  const going = keepGoing(open.renga, wakeEveryMinute, open.refresh);
  try {
    await going.firstRound;
    progress.finish();
    context.terminal.write(renderPlaces(open, server.url));
    await untilAborted(context.stopping);
    writeLine(context.terminal, 'Stopping: finishing what is in flight.');
  } finally {
    await going.stop();
    // Before the store closes: what is in flight needs it.
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
