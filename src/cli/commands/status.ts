/** `renga status`: the whole as it stands. */
import { showStatus, type Status } from '../../app/show-status.ts';
import { type Context, withRenga } from '../context.ts';
import { renderCounts, renderMoment } from '../phrases.ts';
import { renderJson } from '../render-json.ts';
import { renderSharing } from '../show-sharing.ts';

export async function runStatus(context: Context, flags: { readonly json?: true }): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const status = await showStatus(renga);
    context.terminal.write(
      flags.json ? renderJson(status) : renderStatus(status, renga.publication.language, renga.clock()),
    );
  });
}

function renderStatus(status: Status, language: string, now: Temporal.Instant): string {
  const subscribers = Object.entries(status.subscribers)
    .map(([state, number]) => `${number} ${state}`)
    .join(', ');
  const lines = [
    `subscribers: ${subscribers}`,
    ...status.digests.map(
      ({ number, slot, subject, deliveries }) =>
        `digest ${number} (${slot}) “${subject}”: ${renderCounts(deliveries)}`,
    ),
    ...status.slots
      .filter(({ state }) => state === 'due' || state === 'missed')
      .map(({ name, state }) => `slot ${name}: ${state}`),
    ...status.next.map(
      ({ series, dueAt, zone }) =>
        `next ${series}: ${dueAt === null ? 'as soon as a post is published' : renderMoment(dueAt, zone, language)}`,
    ),
    ...renderSharing(status.sharing, now),
    ...(status.problems.length === 0
      ? ['no problems']
      : status.problems.map((problem) => `problem: ${problem}`)),
  ];
  return `${lines.join('\n')}\n`;
}
