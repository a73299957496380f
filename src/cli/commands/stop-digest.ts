/** `renga digests pause|resume|cancel N`. */
import { cancelDigest, pauseDigest, resumeDigest } from '../../app/digests/stop-digest.ts';
import type { Renga } from '../../app/renga.ts';
import { renderAddress } from '../../domain/address.ts';
import { DELIVERY_STATES, type DeliveryState } from '../../domain/delivery.ts';
import { confirm } from '../confirm.ts';
import { type Context, withRenga } from '../context.ts';
import { count, renderCounts, renderNumber } from '../phrases.ts';
import { renderJson } from '../render-json.ts';
import { writeLine } from '../terminal.ts';
import { findDigestNumber } from './deliveries.ts';

export async function runDigestsPause(context: Context, number: string): Promise<void> {
  await withDigest(context, number, async (renga, digest) => {
    await pauseDigest(renga, digest);
    writeLine(
      context.terminal,
      `digest ${digest} is paused: ${renderCounts(await renga.store.ledger.counts(digest))}. What a connection holds already goes out. renga digests resume ${digest} goes on.`,
    );
  });
}

export async function runDigestsResume(context: Context, number: string): Promise<void> {
  await withDigest(context, number, async (renga, digest) => {
    const wasPaused = await resumeDigest(renga, digest);
    writeLine(context.terminal, wasPaused ? `digest ${digest} goes on.` : `digest ${digest} was not paused.`);
  });
}

export type CancelFlags = { readonly yes?: true; readonly json?: true };

export async function runDigestsCancel(context: Context, number: string, flags: CancelFlags): Promise<void> {
  await withDigest(context, number, async (renga, digest) => {
    const { due, claimed, deferred } = await renga.store.ledger.counts(digest);
    const question = `Cancel digest ${digest} for good? ${count(due + claimed + deferred, 'subscriber')} will not get it.`;
    if (!(await confirm(context, question, flags.yes === true))) return;
    const { withdrawn, counts } = await cancelDigest(renga, digest);
    if (flags.json)
      return context.terminal.write(
        renderJson({ digest, withdrawn, addresses: await listAddresses(renga, digest) }),
      );
    writeLine(context.terminal, `digest ${digest} is cancelled: ${renderNumber(withdrawn)} withdrawn.`);
    writeLine(
      context.terminal,
      `Who had it: ${renderCounts(counts)}. renga deliveries ${digest} names them.`,
    );
  });
}

/** Addresses by state: as many as the digest has deliveries. */
async function listAddresses(
  renga: Renga,
  digest: number,
): Promise<Readonly<Partial<Record<DeliveryState, readonly string[]>>>> {
  const byState = new Map<DeliveryState, string[]>(DELIVERY_STATES.map((state) => [state, []]));
  for await (const { state, address } of renga.store.ledger.deliveries(digest))
    byState.get(state)?.push(renderAddress(address));
  return Object.fromEntries([...byState].filter(([, addresses]) => addresses.length > 0));
}

async function withDigest(
  context: Context,
  number: string,
  work: (renga: Renga, digest: number) => Promise<void>,
): Promise<void> {
  await withRenga(context, async ({ renga }) => {
    const digest = await findDigestNumber(renga, number);
    if (digest !== null) await work(renga, digest);
  });
}
