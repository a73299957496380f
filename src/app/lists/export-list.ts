/** The whole list as lines of CSV or JSON, in order of the subscribers, then those kept out who never subscribed. Streams. */
import type { Subscriber, SubscriberState } from '../../domain/subscriber.ts';
import type { Renga } from '../renga.ts';
import {
  EXPORT_COLUMNS,
  type Exported,
  guardCell,
  renderCsvLine,
  renderExportJson,
  renderExportRow,
} from './export-columns.ts';

export type ExportRequest = { readonly state?: SubscriberState; readonly as: 'csv' | 'json' };

/** Lines with their ends. The erased are not among them: nobody knows their addresses. */
export async function* exportList(
  renga: Pick<Renga, 'store'>,
  { state, as }: ExportRequest,
): AsyncGenerator<string> {
  if (as === 'csv') yield renderCsvLine(EXPORT_COLUMNS);
  for await (const one of listAll(renga, state)) {
    if (as === 'json') {
      yield renderExportJson(one);
      continue;
    }
    const row = renderExportRow(one);
    yield renderCsvLine(EXPORT_COLUMNS.map((column) => guardCell(row[column])));
  }
}

/** Stories are fetched for so many at a time. */
const PAGE = 500;

async function* listAll(
  { store }: Pick<Renga, 'store'>,
  state: SubscriberState | undefined,
): AsyncGenerator<Exported> {
  let page: Subscriber[] = [];
  for await (const subscriber of store.subscribers.list(state === undefined ? {} : { state })) {
    page.push(subscriber);
    if (page.length < PAGE) continue;
    yield* await withStories({ store }, page);
    page = [];
  }
  yield* await withStories({ store }, page);
  if (state !== undefined && state !== 'suppressed') return;
  for await (const { address, reason, since } of store.subscribers.strangers()) {
    yield { ...STRANGER, address, endedAt: since, endReason: reason };
  }
}

const STRANGER = {
  name: '',
  state: 'suppressed',
  series: null,
  tags: null,
  pausedUntil: null,
  createdAt: null,
  confirmedAt: null,
  story: [],
} as const;

async function withStories(
  { store }: Pick<Renga, 'store'>,
  page: readonly Subscriber[],
): Promise<readonly Exported[]> {
  const stories = await store.subscribers.stories(page.map(({ id }) => id));
  return page.map(({ id, ...known }) => ({ ...known, story: stories.get(id) ?? [] }));
}
