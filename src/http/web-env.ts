/** What the server tells a route beside the request itself: the connection it came over. Absent where no socket was involved. */

export type WebEnv = {
  Bindings: {
    /** Node's request, of which only the peer's address and the fields as they were sent are of interest; @hono/node-server passes it. */
    readonly incoming?: {
      readonly socket: { readonly remoteAddress?: string | undefined };
      /** Names and values in turn. */
      readonly rawHeaders?: readonly string[];
    };
  };
};
