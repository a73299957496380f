/**
 * A message's body on its way out, held back before its end. The connection asks for it after 354; the bytes go straight to the socket, and what the
 * connection itself adds, the final dot, comes only when this is told to let it, and never by itself.
 */
import type { Socket } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import { stuffDots } from './stuff-dots.ts';

const LINE_END = Buffer.from('\r\n');
const EMPTY = Buffer.alloc(0);

/** Stands where nodemailer wants a stream, and never yields a byte: its own way from stream to socket looks at each byte of each copy. */
export class HeldBody extends Readable {
  readonly #parts: readonly Uint8Array[];
  readonly #onAsked: () => void;
  #sink: NodeJS.WritableStream | null = null;

  /** `parts`: of a message whose lines each end in CRLF. `onAsked` is called once, when the server answered 354. */
  constructor(parts: readonly Uint8Array[], onAsked: () => void) {
    super();
    this.#parts = parts;
    this.#onAsked = onAsked;
  }

  /** Whether the connection asked for the body. */
  get isRead(): boolean {
    return this.#sink !== null;
  }

  override pipe<T extends NodeJS.WritableStream>(sink: T): T {
    this.#sink = sink;
    this.#onAsked();
    return sink;
  }

  override _read(): void {
    // Nothing goes this way.
  }

  /**
   * Sends every byte but the final dot. True when all have left for the network: only what is still here can be said not to have been
   * handed over. False when the socket is gone.
   */
  async send(socket: Socket | null): Promise<boolean> {
    const sink = this.#sink;
    if (!socket || !sink) return false;
    const lines = stuffDots(this.#parts);
    const last = lines.at(-1) ?? EMPTY;
    socket.cork();
    for (const line of lines.slice(0, -1)) socket.write(line);
    socket.write(last.subarray(0, -LINE_END.length));
    // The connection sees the last line end only, and so knows that a dot is all there is to add.
    sink.write(LINE_END);
    // It passes that on in a moment, and then all of it leaves at once.
    setImmediate(() => socket.uncork());
    while (!isGone(socket) && waiting(sink, socket) > 0) {
      // An empty write is called back after all writes before it.
      await new Promise<void>((resolve) => void socket.write('', () => resolve()));
    }
    return !isGone(socket);
  }

  /** Lets the final dot leave. */
  release(): void {
    this.#sink?.end();
  }
}

/** Closed, or about to be: a server that has said its last word cannot answer any more. */
export function isGone(socket: Socket): boolean {
  return socket.destroyed || socket.readableEnded;
}

/** Bytes on their way from a stream through the socket. */
function waiting(sink: NodeJS.WritableStream, socket: Socket): number {
  const { writableLength = 0, readableLength = 0 } = sink as Partial<Duplex>;
  return writableLength + readableLength + socket.writableLength;
}
