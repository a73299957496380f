/** The port to a mail server: what carries messages, and what each side owes the other. */
import type { Outcome } from './delivery.ts';
import type { Message } from './message.ts';

export interface Transport {
  /** How many connections may be open at once. */
  readonly connections: number;
  /**
   * Opens a connection: TCP, greeting, EHLO, TLS, AUTH. Must not send AUTH or mail in clear unless the server is on loopback.
   * A server that cannot be reached, or refuses us, is a value: nothing was handed over.
   */
  connect(): Promise<ConnectResult>;
  /** Closes what it holds beyond connections (the inbox's server). Safe to call twice. */
  close(): Promise<void>;
}

export type ConnectResult =
  | { readonly kind: 'connected'; readonly connection: Connection }
  /** Try later: refused, timed out, 4xx greeting. */
  | { readonly kind: 'unreachable'; readonly reply: string }
  /** It is about us (535, certificate, no TLS): pause the run and say so. */
  | { readonly kind: 'refused-us'; readonly reply: string; readonly hint: string };

export interface Connection {
  /**
   * One SMTP transaction. Sends every byte but the final dot, then calls `mark`; the dot leaves only after `mark` resolved to
   * true. On false the transaction is abandoned without the dot and the outcome is `deferred`. Must never throw; must
   * answer `in-doubt` when the dot may have left and no reply came (RFC 5321 §4.5.3.2.6: wait ten minutes for it),
   * and never answer so before `mark` was called. One call at a time.
   */
  handOver(message: Message, mark: () => Promise<boolean>): Promise<Outcome>;
  /** False once the server hung up or an outcome left the session unusable: open another. */
  readonly usable: boolean;
  /** QUIT when idle, then close. Never throws. */
  close(): Promise<void>;
}
