/**
 * What connections have to say of their deliveries, on its way to the store's thread. There are two words for each message, and a list goes between
 * threads at a quarter of what objects in objects cost.
 */
import type { Address } from '../domain/address.ts';
import type { MarkedClaim, Outcome, SettledClaim } from '../domain/delivery.ts';
import type { Copy } from '../domain/message.ts';
import type { Ledger } from '../domain/store.ts';

type PackedCopy = readonly [
  address: Address,
  name: string,
  linkKey: number,
  seal: readonly [fields: string, bodyHash: string, headHash: string] | null,
];

/** Times in milliseconds since 1970. */
export type StoreWord =
  | readonly [
      kind: 'mark',
      id: number,
      now: number,
      digest: number,
      subscriber: number,
      fence: number,
      earlier: PackedCopy | null,
      copy: PackedCopy | null,
    ]
  | readonly [
      kind: 'settle',
      id: number,
      now: number,
      digest: number,
      subscriber: number,
      fence: number,
      address: Address,
      outcome: Outcome,
      nextAttemptAt: number | null,
    ];

/** What became of a word: as `Ledger.mark` answers; true for what is settled. */
export type WordAnswer = readonly [id: number, answer: boolean];

export function isWord(call: StoreWord | { readonly kind: string }): call is StoreWord {
  return Array.isArray(call);
}

export function isWordAnswer(reply: WordAnswer | { readonly kind: string }): reply is WordAnswer {
  return Array.isArray(reply);
}

export function packMark(
  id: number,
  { digest, subscriber, fence, copy: earlier }: MarkedClaim,
  now: Temporal.Instant,
  copy: Copy | undefined,
): StoreWord {
  const at = now.epochMilliseconds;
  return ['mark', id, at, digest, subscriber, fence, packCopy(earlier), packCopy(copy ?? null)];
}

export function packSettlement(
  id: number,
  { digest, subscriber, fence, address }: SettledClaim,
  outcome: Outcome,
  now: Temporal.Instant,
  nextAttemptAt: Temporal.Instant | null,
): StoreWord {
  const next = nextAttemptAt?.epochMilliseconds ?? null;
  return ['settle', id, now.epochMilliseconds, digest, subscriber, fence, address, outcome, next];
}

/** Says to a ledger what was packed. */
export async function sayWord(ledger: Pick<Ledger, 'mark' | 'settle'>, word: StoreWord): Promise<boolean> {
  const [kind, , at, digest, subscriber, fence] = word;
  const now = Temporal.Instant.fromEpochMilliseconds(at);
  if (kind === 'mark') {
    const [, , , , , , earlier, copy] = word;
    const claim = { digest, subscriber, fence, copy: unpackCopy(earlier) };
    return await ledger.mark(claim, now, unpackCopy(copy) ?? undefined);
  }
  const [, , , , , , address, outcome, next] = word;
  const nextAttemptAt = next === null ? null : Temporal.Instant.fromEpochMilliseconds(next);
  await ledger.settle({ digest, subscriber, fence, address }, outcome, now, nextAttemptAt);
  return true;
}

function packCopy(copy: Copy | null): PackedCopy | null {
  if (copy === null) return null;
  const { address, name, linkKey, seal } = copy;
  return [address, name, linkKey, seal && [seal.fields, seal.bodyHash, seal.headHash]];
}

function unpackCopy(copy: PackedCopy | null): Copy | null {
  if (copy === null) return null;
  const [address, name, linkKey, seal] = copy;
  return {
    address,
    name,
    linkKey,
    seal: seal && { fields: seal[0], bodyHash: seal[1], headHash: seal[2] },
  };
}
