/** `renga deliveries [N]`: who got a digest, in the server's words. Streams: a digest may have a million. */
import type { Renga } from '../../app/renga.ts';
import { renderAddress } from '../../domain/address.ts';
import type { DeliveryState } from '../../domain/delivery.ts';
import { OperatorError } from '../../domain/operator-error.ts';
import { type Context, withRenga } from '../context.ts';
import { renderCounts } from '../phrases.ts';
import { renderJsonLine } from '../render-json.ts';
import { writeLine } from '../terminal.ts';

export async function runDeliveries(
  context: Context,
  number: string | null,
  flags: { readonly json?: true; readonly state?: readonly DeliveryState[] },
): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const digest = await findDigestNumber(renga, number);
    if (digest === null) {
      if (!flags.json) writeLine(context.terminal, 'No digest was frozen yet, so there is no delivery.');
      return;
    }
    for await (const { address, state, reply } of renga.store.ledger.deliveries(digest, flags.state)) {
      if (flags.json) context.terminal.write(renderJsonLine({ digest, address, state, reply }));
      else
        writeLine(
          context.terminal,
          `${state.padEnd(12)}  ${renderAddress(address)}${reply === null ? '' : `  ${reply}`}`,
        );
    }
    if (!flags.json)
      writeLine(
        context.terminal,
        `digest ${digest}: ${renderCounts(await renga.store.ledger.counts(digest))}`,
      );
  });
}

/** The digest asked for, or the newest; null when there is none yet. */
export async function findDigestNumber(
  renga: Pick<Renga, 'store'>,
  text: string | null,
): Promise<number | null> {
  const digests = await renga.store.digests.all();
  if (text === null) return digests[0]?.number ?? null;
  const found = digests.find(({ number }) => String(number) === text);
  if (found) return found.number;
  const newest = digests[0]?.number;
  throw new OperatorError(
    `There is no digest ${text}.`,
    newest === undefined ? 'None was frozen yet.' : `The newest is ${newest}: renga digests lists them.`,
  );
}
