/** The plan of `publish --dry-run` as a person reads it: what changes by name, what stays as it is by number (`--json` names it all). */
import { GMAIL_CLIP_BYTES, type Plan, type PlannedDigest } from '../app/plan-publish.ts';
import type { Renga } from '../app/renga.ts';
import { renderProblem } from '../domain/problem.ts';
import { count, renderBytes } from './phrases.ts';
import { renderEntries, renderForecast } from './show-publish.ts';
import { renderSharing } from './show-sharing.ts';

export function renderPlan(renga: Pick<Renga, 'publication' | 'clock'>, plan: Plan): string {
  const lines = [
    `${renga.publication.title}: ${plan.changes ? 'what publish would do now' : 'nothing to do'}`,
    ...plan.problems
      .filter(({ severity }) => severity !== 'hint')
      .map((problem) => `  ${renderProblem(problem)}`),
    ...plan.held.map(({ path, reason }) => `  ${path}: ${reason}`),
    '',
    ...renderPlannedFiles(plan.files),
    `  feeds: ${renderEntries(plan.entries)}`,
    ...renderFlood(plan),
    ...renderSharing(plan.sharing, renga.clock()).map((line) => `  ${line}`),
    `  subscribers: ${Object.entries(plan.subscribers)
      .map(([state, number]) => `${number} ${state}`)
      .join(', ')}`,
    ...(plan.openDeliveries > 0 ? [`  deliveries still open: ${plan.openDeliveries}`] : []),
    ...plan.digests.flatMap(renderPlannedDigest),
    ...plan.next.map((forecast) => `  next: ${renderForecast(renga, forecast)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function renderPlannedFiles(files: Plan['files']): readonly string[] {
  const changed = files.filter(({ change }) => change !== 'unchanged');
  const lines = changed.map(({ path, change }) => `  ${change.padEnd(9)} public/${path}`);
  const unchanged = `  public/: ${count(files.length - changed.length, 'file')} unchanged`;
  return [...lines, ...(lines.length > 0 ? [''] : []), unchanged];
}

const FLOOD_REASONS = {
  'other-id': 'readers have it under another id',
  older: 'older than all that readers have',
  late: 'published before, without the feeds',
} as const;

/** What readers would take for new, and what they are spared. */
function renderFlood({ flood, isRefused, keptOut }: Plan): readonly string[] {
  const lines = flood.old.map(({ title, id, reason }) => `    ! ${title} (${id}): ${FLOOD_REASONS[reason]}`);
  if (isRefused)
    lines.push('    publish refuses this, for readers would see old posts as new (--allow-reflood)');
  if (flood.readdressed.length > 0)
    lines.push(
      `    ${count(flood.readdressed.length, 'entry', 'entries')} under another link, with the id as before`,
    );
  if (keptOut > 0)
    lines.push(
      `    ${count(keptOut, 'older post')} stay out of the feed, which readers have had without them (--allow-reflood takes them in)`,
    );
  return lines;
}

/** One line for each reason: a blog of ten years has thousands of posts that were mailed. */
function renderLeftOut(leftOut: PlannedDigest['leftOut']): readonly string[] {
  return [...Map.groupBy(leftOut, ({ reason }) => reason)].map(([reason, posts]) => {
    const [first] = posts;
    return `    - ${posts.length === 1 && first ? first.title : count(posts.length, 'post')}: ${reason}`;
  });
}

function renderPlannedDigest(digest: PlannedDigest): readonly string[] {
  const size =
    digest.htmlBytes === null
      ? []
      : [
          `    HTML ${renderBytes(digest.htmlBytes)} of the ${renderBytes(GMAIL_CLIP_BYTES)} that Gmail shows`,
        ];
  return [
    '',
    `  digest ${digest.series}: ${renderWhen(digest)}`,
    ...(digest.subject === null ? [] : [`    Subject: ${digest.subject}`]),
    ...size,
    ...digest.posts.map(({ title, path }) => `    + ${title} (${path})`),
    ...renderLeftOut(digest.leftOut),
    ...renderGroups(digest),
  ];
}

function renderWhen({ goesOutNow, posts, subscribers, slot }: PlannedDigest): string {
  const what = count(posts.length, 'post');
  if (goesOutNow)
    return `goes out now, ${what} to ${count(subscribers, 'subscriber')}${slot ? ` (${slot})` : ''}`;
  const whom = subscribers === 0 ? ', and nobody takes it yet' : '';
  if (posts.length === 0) return `none goes out now: there is no new post${whom}`;
  return `none goes out now; ${what} ${posts.length === 1 ? 'waits' : 'wait'} for the next${whom}`;
}

const MOST_GROUPS = 5;

/** Nothing while everybody gets the whole. */
function renderGroups({ posts, groups }: PlannedDigest): readonly string[] {
  if (groups.every((group) => group.posts.length === posts.length)) return [];
  const titles = new Map(posts.map(({ id, title }) => [id, title]));
  const lines = groups.slice(0, MOST_GROUPS).map((group) => {
    const part =
      group.posts.length === posts.length
        ? 'all of it'
        : `${group.posts.length} of ${posts.length}: ${group.posts.map((id) => titles.get(id) ?? id).join(', ')}`;
    return `    = ${count(group.subscribers, 'subscriber')} ${group.subscribers === 1 ? 'gets' : 'get'} ${part}`;
  });
  const more = groups.slice(MOST_GROUPS);
  const others = more.reduce((sum, group) => sum + group.subscribers, 0);
  return more.length === 0
    ? lines
    : [
        ...lines,
        `    = ${count(others, 'subscriber')} in ${count(more.length, 'more group', 'more groups')} get other parts`,
      ];
}
