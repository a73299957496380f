/** `renga feeds stats` and `renga feeds snippets SERVER`. */
import { showReaders, type ReaderStats, type ReaderSummary } from '../../app/feeds/show-readers.ts';
import { NO_FORMER_FEEDS } from '../../domain/former-feeds.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { HOSTS, isHost, renderSnippet } from '../../http/feeds/render-snippet.ts';
import { type Context, withRenga } from '../context.ts';
import { count, renderBytes, renderRows } from '../phrases.ts';
import { renderJson } from '../render-json.ts';

export async function runFeedsStats(context: Context, flags: { readonly json?: true }): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const stats = await showReaders(renga);
    context.terminal.write(flags.json ? renderJson(stats) : renderStats(stats));
  });
}

function renderStats(stats: ReaderStats): string {
  if (stats.requests === 0) return `Nobody has read the feeds from \`renga serve\` since ${stats.since}.\n`;
  const { unchanged, deltas, codings } = stats.saved;
  const totals: (readonly [string, string])[] = [
    ['requests', String(stats.requests)],
    ['subscribers', `${stats.subscribers}, by what fetchers tell`],
    ['sent', renderBytes(stats.sent)],
    [
      'saved',
      `${renderBytes(unchanged)} by 304, ${renderBytes(deltas)} by 226, ${renderBytes(codings)} by codings`,
    ],
  ];
  const rows = stats.readers.map((reader): readonly [string, string] => [reader.name, renderReader(reader)]);
  return `Since ${stats.since}:\n${renderRows(totals)}${renderRows(rows)}`;
}

function renderReader({
  subscribers,
  requests,
  unchanged,
  refused,
  neverConditional,
}: ReaderSummary): string {
  return [
    ...(subscribers === null ? [] : [count(subscribers, 'subscriber')]),
    count(requests, 'request'),
    `${unchanged} not modified`,
    ...(refused === 0 ? [] : [`${refused} refused as too hasty`]),
    ...(neverConditional ? ['never sends a condition'] : []),
  ].join(', ');
}

export async function runFeedsSnippets(context: Context, server: string): Promise<void> {
  if (!isHost(server)) {
    throw new OperatorError(`There is no snippet for “${server}”.`, `There are: ${HOSTS.join(', ')}.`);
  }
  await withRenga(context, async ({ renga }) => {
    context.terminal.write(
      renderSnippet(server, renga.publication, { ...NO_FORMER_FEEDS, ...renga.settings.feeds }),
    );
  });
}
