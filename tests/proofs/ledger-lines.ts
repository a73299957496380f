/** What the counting server writes down, one JSON line each. `taken` is on the disk before the server says 250. */

/** Where an SMTP session stands when something happens to it, in order. */
export const STEPS = [
  'connect',
  'ehlo',
  'mail',
  'rcpt',
  'data',
  'mid-body',
  'before-dot',
  'after-dot',
  'after-reply',
] as const;

export type Step = (typeof STEPS)[number];

/** A message whose dot arrived and that the server keeps. `connection` counts from 1. */
export type Taken = {
  readonly at: 'taken';
  readonly connection: number;
  readonly to: string;
  readonly messageId: string;
  /** Of every byte between the 354 and the dot, dot-stuffing and all. */
  readonly sha256: string;
};

/** A connection that ended, and by whose doing. */
export type Ended = {
  readonly at: 'ended';
  readonly connection: number;
  /** The recipient of a transaction that was under way, or null. */
  readonly to: string | null;
  /** How much of its body had arrived: `whole` is every byte but the dot. */
  readonly body: 'none' | 'part' | 'whole';
  readonly by: 'server' | 'client';
};

/** Words said in a transaction, to its recipient, its DATA or its dot. */
export type Answered = {
  readonly at: 'answered';
  readonly connection: number;
  readonly to: string;
  readonly reply: string;
  readonly isToDot: boolean;
};

/** The program was killed or stopped from here. */
export type Struck = { readonly at: 'struck'; readonly step: Step; readonly open: readonly number[] };

export type Line = Taken | Ended | Answered | Struck;

/** A wish to the server: at the `nth` time from now that a session is at `step`, send `signal` to the process. */
export type Ambush = {
  readonly kind: 'ambush';
  readonly pid: number;
  readonly step: Step;
  readonly nth: number;
  readonly signal: NodeJS.Signals;
};

/** From now on, faults come by chance: one step in `every`, by `seed`. 0 ends them. */
export type Trouble = { readonly kind: 'trouble'; readonly seed: number; readonly every: number };

/** From now on, what is said to the next dots, in order: `silence` takes the message and says nothing, `null` takes it and hangs up. A refusal takes nothing. */
export type Answers = { readonly kind: 'answers'; readonly replies: readonly (string | null)[] };

/** The process that was waited for is gone: its number may be another's soon. */
export type Peace = { readonly kind: 'peace' };

/** The answer to the next dot, and to that one only, waits until it is held no more. */
export type Hold = { readonly kind: 'hold'; readonly isHeld: boolean };

export type Wish = Ambush | Peace | Trouble | Answers | Hold;

export type ServerWord = { readonly kind: 'listening'; readonly port: number } | { readonly kind: 'heard' };
