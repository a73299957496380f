/** What `publish` shares before it goes on: the site with its targets, and with hubs what they can be told in a moment. The rest is for the next run. */
import type { Renga } from '../renga.ts';

export type SharedReport = {
  readonly targets: number;
  /** Of the targets, those that have all of it. */
  readonly carried: number;
  readonly failures: readonly { readonly message: string; readonly hint: string }[];
  readonly hubs: number;
  /** Calls to hubs and callbacks that were not made yet, or failed and are made again. */
  readonly waiting: number;
};

const CALLS_MILLISECONDS = 15_000;

/** Null where nobody is to be told, and nothing to be carried. */
export async function sharePublished(renga: Renga, signal: AbortSignal): Promise<SharedReport | null> {
  const targets = renga.targets.length;
  const hubs = renga.websub.hubs.length;
  if (targets + hubs === 0) return null;
  try {
    // Loaded here: most publications have neither targets nor hubs.
    const { shareSite } = await import('./share-site.ts');
    const { carried, failures } = await shareSite(renga, signal);
    const waiting = hubs === 0 ? 0 : await callOnce(renga, signal);
    const told = failures.map(({ message, hint }) => ({ message, hint }));
    return { targets, carried, failures: told, hubs, waiting };
  } catch (error) {
    // Whatever goes wrong out there, the digests go on.
    renga.report({ kind: 'carry-failed', error });
    return { targets, carried: 0, failures: [], hubs, waiting: 0 };
  }
}

async function callOnce(renga: Renga, signal: AbortSignal): Promise<number> {
  const { makeCalls } = await import('../websub/make-calls.ts');
  await makeCalls(renga, AbortSignal.any([signal, AbortSignal.timeout(CALLS_MILLISECONDS)]));
  const { ping, verify, deliver } = await renga.store.websub.counts(renga.clock());
  return ping + verify + deliver;
}
