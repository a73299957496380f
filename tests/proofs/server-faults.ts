/** What goes wrong at a mail server, chosen by a seed: the same seed, connection and message give the same fault. */
import type { Step } from './ledger-lines.ts';

export type Fault =
  /** Says this instead; hangs up after it when told to. */
  | { readonly kind: 'say'; readonly reply: string; readonly hangUp: boolean }
  /** Hangs up (RST for `reset`), having said the first `said` bytes of its reply. */
  | { readonly kind: 'drop'; readonly said: number; readonly reset: boolean }
  /** Says nothing for so long, then hangs up. */
  | { readonly kind: 'stall'; readonly milliseconds: number }
  /** Says its reply a byte at a time. */
  | { readonly kind: 'trickle' };

/** At `after-dot`: whether the message is kept before the fault. */
export type DotFault = Fault & { readonly keeps: boolean };

/** A small generator (mulberry32): numbers from 0 up to 1. */
export function openDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Null when all goes well this time. */
export function chooseFault(step: Step, dice: () => number, every: number): DotFault | null {
  if (every === 0) return null;
  // What ends the whole run for a while (no session at all) comes less often.
  const odds = step === 'connect' || step === 'ehlo' ? every * 4 : every;
  if (dice() * odds >= 1) return null;
  const keeps = step === 'after-dot' && dice() < 0.5;
  const faults: readonly Fault[] = [
    { kind: 'drop', said: 0, reset: dice() < 0.5 },
    { kind: 'drop', said: 1 + Math.floor(dice() * 4), reset: false },
    { kind: 'stall', milliseconds: Math.floor(dice() * 40) },
    { kind: 'trickle' },
    { kind: 'say', reply: '421 4.3.2 closing down', hangUp: true },
    ...refusalsAt(step),
  ];
  const fault = faults[Math.floor(dice() * faults.length)] ?? { kind: 'trickle' };
  // Words of refusal go with a message that is not kept; of one that is kept, the answer may only get lost.
  const isRefusal = fault.kind === 'say';
  return { ...fault, keeps: fault.kind === 'trickle' || (keeps && !isRefusal) };
}

/** Only refusals that a server means for this message: those about us pause the whole list, which other tests look at. */
function refusalsAt(step: Step): readonly Fault[] {
  const later: Fault = { kind: 'say', reply: '451 4.3.0 later', hangUp: false };
  const laterOver: Fault = {
    kind: 'say',
    reply: '452-4.2.2 mailbox full,\r\n452 4.2.2 try later',
    hangUp: false,
  };
  const never: Fault = { kind: 'say', reply: '550 5.1.1 no such user', hangUp: false };
  if (step === 'rcpt' || step === 'after-dot') return [later, laterOver, never];
  return step === 'mail' || step === 'data' ? [later, laterOver] : [];
}
