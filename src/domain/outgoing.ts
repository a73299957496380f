/**
 * The port to web servers of other people: hubs and callbacks. Where a request may go is decided behind it, after names were resolved, for their
 * addresses come from strangers.
 */

export type OutgoingRequest = {
  readonly method: 'GET' | 'POST';
  /** Absolute, http or https. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | null;
  /** How many redirects are followed, and only those that keep the method (RFC 9110 §15.4.8, §15.4.9); each is judged like the first address. */
  readonly redirects: number;
  /** Bytes of the answer that are read; the rest is cut off. */
  readonly largestAnswer: number;
};

export type OutgoingAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** We do not go there: `reason` says what is wrong with the address. Nothing was sent. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nobody answered in time, or not in HTTP. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Never rejects, and ends in bounded time; at once when `signal` is aborted. */
export type SendRequest = (request: OutgoingRequest, signal?: AbortSignal) => Promise<OutgoingAnswer>;
