/** The report of `publish` as a person reads it. */
import type { PublishReport } from '../app/publish.ts';
import type { Forecast } from '../app/digests/forecast.ts';
import type { Renga } from '../app/renga.ts';
import type { SlotReport } from '../app/digests/keep-slots.ts';
import { count, renderCounts, renderMoment, renderRows } from './phrases.ts';

type Row = readonly [string, string];

export function renderPublishReport(renga: Pick<Renga, 'publication'>, report: PublishReport): string {
  const rows: Row[] = [
    ['posts', renderPosts(report)],
    ['public/', renderFiles(report.files)],
    ['feeds', renderEntries(report.entries)],
    ...renderShared(report),
    ...report.digests.map((digest): Row => ['digest', renderDigest(digest)]),
    ...renderDelivered(report),
    ...report.open.map(({ digest, counts }): Row => ['open', `digest ${digest}: ${renderCounts(counts)}`]),
    ...report.next.map((forecast): Row => ['next', renderForecast(renga, forecast)]),
  ];
  if (report.pausedBecause !== null) rows.push(['paused', report.pausedBecause]);
  return `${renga.publication.title}\n${renderRows(rows)}`;
}

function renderShared({ shared }: PublishReport): readonly Row[] {
  if (!shared) return [];
  const { targets, carried, failures, hubs, waiting } = shared;
  const rows: Row[] = [];
  if (targets > 0) {
    const words = failures.map(({ message, hint }) => `\n    ${message}\n      ${hint}`).join('');
    rows.push(['elsewhere', `${carried} of ${count(targets, 'place')} up to date${words}`]);
  }
  if (hubs > 0) {
    const rest = `${count(waiting, 'call')} to be made by the next publish, or by serve`;
    rows.push(['hubs', waiting === 0 ? 'all know what is new' : rest]);
  }
  return rows;
}

function renderPosts(report: PublishReport): string {
  const held = report.posts.held.map(({ path, reason }) => `\n    ${path}: ${reason}`).join('');
  const leftOut = report.problems.filter(({ severity }) => severity === 'error').length;
  const parts = [`${report.posts.published} published`];
  if (report.posts.held.length > 0) parts.push(`${report.posts.held.length} held back`);
  if (leftOut > 0) parts.push(`${leftOut} left out`);
  return parts.join(', ') + held;
}

function renderFiles(files: PublishReport['files']): string {
  const number = (change: string): number => files.filter((file) => file.change === change).length;
  const parts = [
    `${number('added')} new`,
    `${number('changed')} changed`,
    `${number('unchanged')} unchanged`,
  ];
  if (number('removed') > 0) parts.push(`${number('removed')} removed`);
  return parts.join(', ');
}

export function renderEntries(entries: PublishReport['entries']): string {
  const { added, changed, removed } = entries;
  return added.length + changed.length + removed.length === 0
    ? 'readers see nothing new'
    : `readers see ${count(added.length, 'new entry', 'new entries')}, ${changed.length} changed, ${removed.length} gone`;
}

function renderDigest({ slot, result }: SlotReport): string {
  switch (result.kind) {
    case 'frozen':
      return `${result.number} frozen (${slot}): ${count(result.posts, 'post')} to ${count(result.deliveries, 'subscriber')}`;
    case 'already-frozen':
      return `${result.number} was frozen already (${slot})`;
    case 'nothing-to-send':
      return `none for ${slot}: ${result.reason}`;
    default:
      return result satisfies never;
  }
}

function renderDelivered({ delivered }: PublishReport): readonly Row[] {
  const said = Object.entries(delivered).filter(([, number]) => number > 0);
  return said.length === 0
    ? []
    : [['delivered', said.map(([kind, number]) => `${number} ${kind}`).join(', ')]];
}

export function renderForecast(
  { publication }: Pick<Renga, 'publication'>,
  { series, dueAt, zone, posts, subscribers }: Forecast,
): string {
  const when =
    dueAt === null
      ? 'as soon as a post is published'
      : `on ${renderMoment(dueAt, zone, publication.language)}`;
  const what = posts === 0 ? 'no post yet' : count(posts, 'post');
  const whom = subscribers === 0 ? 'no subscriber yet' : count(subscribers, 'subscriber');
  return posts > 0 && subscribers > 0
    ? `${series} ${when}: ${what} to ${whom} so far`
    : `${series} ${when}: ${what}, ${whom}`;
}
