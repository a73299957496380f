/** Adds subscribers, one by hand or a whole list: streamed, each bad line named, nobody twice, nobody who left revived. */
import { type Address, parseAddress, parseMailbox } from '../domain/address.ts';
import { OperatorError } from '../domain/operator-error.ts';
import type { AddResult, NewSubscriber } from '../domain/subscriber.ts';
import type { Renga } from './renga.ts';

type Adder = Pick<Renga, 'store' | 'clock'>;

const BATCH = 1000;

/** One by hand. Throws OperatorError for what is not an address. */
export async function addSubscriber(renga: Adder, text: string, confirmed: boolean): Promise<AddResult> {
  const mailbox = parseMailbox(text);
  const parsed = parseAddress(text);
  if (!mailbox) {
    const reason =
      parsed.kind === 'not-an-address' ? parsed.reason : 'the name beside it has control characters';
    throw new OperatorError(
      `${JSON.stringify(text)} is not an address: ${reason}.`,
      'Write it as name@example.org.',
    );
  }
  const [result] = await renga.store.subscribers.add(
    [newSubscriber(mailbox, confirmed, 'command line')],
    renga.clock(),
  );
  if (!result) throw new Error('SubscriberList.add must answer for each subscriber');
  return result;
}

/** One line of a list as it was read. */
export type ListLine = { readonly line: number; readonly text: string; readonly name: string };

export type ImportReport = {
  readonly added: number;
  readonly confirmed: number;
  readonly kept: number;
  readonly refused: readonly { readonly line: number; readonly text: string; readonly reason: string }[];
};

/** Adds line by line in batches; killed and run again it gives the same list. `dryRun` only parses. */
export async function importSubscribers(
  renga: Adder,
  lines: AsyncIterable<ListLine>,
  options: { readonly confirmed: boolean; readonly source: string; readonly dryRun: boolean },
): Promise<ImportReport> {
  const counts = { added: 0, confirmed: 0, kept: 0 };
  const refused: { line: number; text: string; reason: string }[] = [];
  let batch: NewSubscriber[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const results = options.dryRun ? [] : await renga.store.subscribers.add(batch, renga.clock());
    for (const result of results) counts[result.kind] += 1;
    if (options.dryRun) counts.added += batch.length;
    batch = [];
  };
  for await (const { line, text, name } of lines) {
    const parsed = parseAddress(text);
    if (parsed.kind === 'not-an-address') {
      refused.push({ line, text, reason: parsed.reason });
      continue;
    }
    batch.push(
      newSubscriber({ name: cleanName(name), address: parsed.address }, options.confirmed, options.source),
    );
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return { ...counts, refused };
}

/** A name is for show only: what a header could not carry is dropped, and the rest kept short. */
function cleanName(name: string): string {
  return name
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 100);
}

function newSubscriber(
  mailbox: { readonly name: string; readonly address: Address },
  confirmed: boolean,
  source: string,
): NewSubscriber {
  return { ...mailbox, state: confirmed ? 'active' : 'pending', series: null, source };
}
