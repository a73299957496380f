/** Where somebody stands by what their line says, in whatever words. Who is held off for any reason but their own wish is suppressed. */
import type { SubscriberState } from '../../domain/subscriber.ts';
import type { Columns, Meaning } from './find-columns.ts';

export type Cells = ReadonlyMap<Meaning, string>;

export function gatherCells(fields: readonly string[], { meanings }: Columns): Cells {
  const cells = new Map<Meaning, string>();
  for (const [index, meaning] of meanings) {
    const text = fields[index] ?? '';
    if (text !== '' && !cells.has(meaning)) cells.set(meaning, text);
  }
  return cells;
}

export type Stand =
  | { readonly kind: 'known'; readonly state: SubscriberState; readonly reason: string }
  /** A word that may mean anything: a guess could write to somebody who does not want it. */
  | { readonly kind: 'unknown'; readonly reason: string };

const WORDS: Readonly<Record<SubscriberState, string>> = {
  active:
    'active subscribed confirmed enabled yes true regular premium gifted trialed unpaid churning churned paused past_due',
  pending: 'pending unconfirmed unactivated waiting',
  unsubscribed: 'unsubscribed removed disabled inactive opted-out left deleted no false',
  suppressed:
    'suppressed cleaned bounced hard-bounced undeliverable invalid complained complaint spam spammy blocked blocklisted blacklisted',
};

const STATES: ReadonlyMap<string, SubscriberState> = new Map(
  (['active', 'pending', 'unsubscribed', 'suppressed'] as const).flatMap((state) =>
    WORDS[state].split(' ').map((word) => [word, state] as const),
  ),
);

/** `otherwise`: of whom it is not said. */
export function findStand(cells: Cells, { form }: Pick<Columns, 'form'>, otherwise: SubscriberState): Stand {
  const where = form === 'plain' ? '' : ` at ${form}`;
  const known = (state: SubscriberState, what: string): Stand => ({
    kind: 'known',
    state,
    reason: what + where,
  });
  if (cells.has('complained at')) return known('suppressed', 'complained');
  if (cells.has('bounced at')) return known('suppressed', 'bounced');
  const said = cells.get('state')?.toLowerCase();
  const state = said === undefined ? undefined : STATES.get(said.replace(/\s+/g, '-'));
  if (said !== undefined && state === undefined) {
    return { kind: 'unknown', reason: `nobody knows what its state "${said.slice(0, 40)}" means here` };
  }
  if (state === 'suppressed') return known(state, said ?? '');
  const hasLeft = cells.has('left at') || isYes(cells.get('off')) || isNo(cells.get('on'));
  if (hasLeft || state === 'unsubscribed') return known('unsubscribed', 'unsubscribed');
  return known(state ?? otherwise, otherwise);
}

function isYes(text: string | undefined): boolean {
  return text !== undefined && !isNo(text);
}

function isNo(text: string | undefined): boolean {
  return text !== undefined && /^(?:false|no|0|f|n)$/i.test(text);
}
