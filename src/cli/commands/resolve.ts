/** `renga deliveries resolve N`: what a person decides about deliveries in doubt or given up. */
import type { Renga } from '../../app/renga.ts';
import { parseAddress } from '../../domain/address.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { confirm } from '../confirm.ts';
import { type Context, withRenga } from '../context.ts';
import { count, renderNumber } from '../phrases.ts';
import { writeLine } from '../terminal.ts';
import { findDigestNumber } from './deliveries.ts';

export type ResolveFlags = { readonly resend?: true; readonly skip?: true; readonly yes?: true };

export async function runResolve(
  context: Context,
  number: string,
  addresses: readonly string[],
  flags: ResolveFlags,
): Promise<void> {
  if ((flags.resend === true) === (flags.skip === true))
    throw new OperatorError(
      'Say what is to become of them.',
      '--resend sends the same copy again; --skip leaves them in doubt for good.',
    );
  const decision = flags.resend ? 'resend' : 'skip';
  await withRenga(context, async ({ renga }) => {
    const digest = await findDigestNumber(renga, number);
    if (digest === null) return;
    const subscribers = addresses.length === 0 ? null : await findSubscribers(renga, addresses);
    const question = await composeQuestion(renga, digest, decision, subscribers?.length ?? null);
    if (!(await confirm(context, question, flags.yes === true))) return;
    const now = renga.clock();
    const changed = await renga.store.repairs.resolve({ digest, decision, subscribers, now });
    const done = decision === 'resend' ? 'due again' : 'left in doubt for good';
    writeLine(context.terminal, `digest ${digest}: ${count(changed, 'delivery', 'deliveries')} ${done}.`);
  });
}

async function composeQuestion(
  renga: Pick<Renga, 'store'>,
  digest: number,
  decision: 'resend' | 'skip',
  named: number | null,
): Promise<string> {
  const counts = await renga.store.ledger.counts(digest);
  const doubt = `${renderNumber(counts['in-doubt'])} in doubt`;
  const all = decision === 'skip' ? doubt : `${doubt} and ${renderNumber(counts['given-up'])} given up`;
  const who = named === null ? `all (${all})` : `${count(named, 'subscriber')} of those (${all})`;
  return decision === 'resend'
    ? `Send digest ${digest} again to ${who}? Some may get a second copy.`
    : `Leave ${who} of digest ${digest} in doubt for good?`;
}

async function findSubscribers(
  renga: Pick<Renga, 'store'>,
  texts: readonly string[],
): Promise<readonly number[]> {
  return await Promise.all(
    texts.map(async (text) => {
      const parsed = parseAddress(text);
      const found = parsed.kind === 'address' ? await renga.store.subscribers.find(parsed.address) : null;
      if (!found)
        throw new OperatorError(`${text} is no subscriber.`, 'renga deliveries N shows who there is.');
      return found.id;
    }),
  );
}
