/** How an import is shown: what the list was understood to be, a few of those in it, and what became of all. */
import { renderAddress } from '../domain/address.ts';
import type { Understood, ImportReport } from '../app/lists/import-list.ts';
import { renderNumber, renderRows } from './phrases.ts';

/** Lines. */
export function describeUnderstood(
  file: string,
  encoding: string,
  { columns, otherwise }: Understood,
): readonly string[] {
  const { form, isHeader, meanings, names } = columns;
  const what =
    form === 'plain' ? (isHeader ? 'a list with a header' : 'a list of addresses') : `from ${form}`;
  const head = `${file}: ${what}, ${encoding}`;
  if (!isHeader || form === 'Renga') return [head];
  const rows = [...meanings].map(([index, meaning]) => [`"${names[index] ?? ''}"`, meaning] as const);
  const unused = names.filter((_, index) => !meanings.has(index));
  return [
    head,
    renderRows(rows).trimEnd(),
    ...(unused.length > 0 ? [`  not used: ${unused.join(', ').slice(0, 300)}`] : []),
    `  who is nowhere said to be something else: ${otherwise}`,
    ...(form === 'listmonk' ? [LISTMONK_NOTE] : []),
  ];
}

/** Its export has a subscriber's status, and not that of each list. */
const LISTMONK_NOTE =
  '  listmonk does not write who left one of its lists: export with the filter "subscribed".';

/** Lines. */
export function describeExamples({ examples }: ImportReport): readonly string[] {
  return examples
    .toSorted((a, b) => a.state.localeCompare(b.state))
    .map(({ state, address, name, confirmedAt, endedAt, endReason }) => {
      const day = (instant: Temporal.Instant): string => instant.toString().slice(0, 10);
      const facts = [
        name,
        confirmedAt === null ? '' : `agreed ${day(confirmedAt)}`,
        endReason ?? '',
        endedAt === null ? '' : day(endedAt),
      ];
      return `  ${state.padEnd(12)}  ${[renderAddress(address), ...facts].filter(Boolean).join(', ')}`;
    });
}

/** `428 as active, 12 as unsubscribed`. */
export function describeRead({ read }: ImportReport): string {
  const said = Object.entries(read).filter(([, number]) => number > 0);
  return said.length === 0
    ? 'nobody'
    : said.map(([state, number]) => `${renderNumber(number)} as ${state}`).join(', ');
}

export function describeReport({ became, refused }: ImportReport): string {
  const say = (number: number, what: string, isAlways: boolean): readonly string[] =>
    number > 0 || isAlways ? [`${renderNumber(number)} ${what}`] : [];
  return [
    ...say(became.added, 'added', true),
    ...say(became.confirmed, 'confirmed', true),
    ...say(became.ended, 'ended', false),
    ...say(became.kept, 'there already', true),
    ...say(became['kept-out'], 'kept out', false),
    ...say(refused, 'refused', true),
  ].join(', ');
}
