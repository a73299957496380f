/** `renga subscribers show ADDRESS`: where somebody stands, what they chose, what befell them, and each digest with the server's words. */
import { describeSubscriber, type SubscriberDescription } from '../../app/subscribers/describe-subscriber.ts';
import { renderAddress } from '../../domain/address.ts';
import type { StoryLine } from '../../domain/subscriber.ts';
import { type Context, withRenga } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { renderRows } from '../phrases.ts';
import { renderJson } from '../render-json.ts';
import { writeLine } from '../terminal.ts';
import { findSubscriber } from './subscribers.ts';

export async function runShow(
  context: Context,
  text: string,
  flags: { readonly json?: true },
): Promise<number> {
  return await withRenga(context, async ({ renga }) => {
    const { id } = await findSubscriber(renga, text);
    const description = await describeSubscriber(renga, id);
    // Erased in between.
    if (description === null) return EXIT.problemsFound;
    if (flags.json) context.terminal.write(renderJson(description));
    else renderDescription(description).forEach((line) => writeLine(context.terminal, line));
    return EXIT.done;
  });
}

function renderDescription(one: SubscriberDescription): readonly string[] {
  const since = renderTime(one.endedAt ?? one.confirmedAt ?? one.createdAt);
  const facts: (readonly [string, string])[] = [
    ['series', one.series === null ? 'all' : one.series.join(', ') || 'none'],
    ['tags', one.tags === null ? 'all' : one.tags.join(', ') || 'none'],
  ];
  if (one.name !== '') facts.unshift(['name', one.name]);
  if (one.pausedUntil !== null) facts.push(['paused', `until ${renderTime(one.pausedUntil)}`]);
  if (one.endReason !== null) facts.push(['ended', one.endReason]);
  return [
    `${renderAddress(one.address)}: ${one.state}, since ${since}`,
    renderRows(facts).trimEnd(),
    ...one.story.map(renderLine),
    ...one.digests.map(
      ({ digest, state, reply }) => `  digest ${digest}: ${state}${reply === null ? '' : `, ${reply}`}`,
    ),
  ];
}

function renderLine({ at, kind, source, words, origin }: StoryLine): string {
  const from = origin === null ? '' : ` from ${origin}`;
  return `  ${renderTime(at)}  ${kind}, ${source}${from}${words === '' ? '' : `: ${words}`}`;
}

function renderTime(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}
