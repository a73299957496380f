/**
 * A message's body on its way out, held back before its end: the SMTP connection writes the final dot when this stream ends, so it ends only
 * when it is told to, and never by itself.
 */
import type { Socket } from 'node:net';
import { Readable, type Writable } from 'node:stream';

const SLICE_BYTES = 64 * 1024;

export class HeldBody extends Readable {
  readonly #bytes: Uint8Array;
  readonly #onHeld: () => void;
  #offset = 0;
  #sink: Writable | null = null;
  #isHeld = false;

  /** `onHeld` is called once, when the last byte but the dot has been taken from this stream. */
  constructor(bytes: Uint8Array, onHeld: () => void) {
    super();
    this.#bytes = bytes;
    this.#onHeld = onHeld;
  }

  /** Whether the connection asked for the body: the server answered 354 then. */
  get isRead(): boolean {
    return this.#sink !== null;
  }

  override pipe<T extends NodeJS.WritableStream>(sink: T, options?: { end?: boolean }): T {
    this.#sink = sink as unknown as Writable;
    return super.pipe(sink, options);
  }

  override _read(): void {
    if (this.#offset < this.#bytes.length) {
      const slice = this.#bytes.subarray(this.#offset, (this.#offset += SLICE_BYTES));
      this.push(slice);
    } else if (!this.#isHeld) {
      this.#isHeld = true;
      this.#onHeld();
    }
  }

  /** Resolves when every byte has left for the network: only what is still here can be said not to have been handed over. */
  async flush(socket: Socket | null): Promise<void> {
    if (!socket) return;
    const waiting = (): number =>
      this.readableLength +
      (this.#sink?.writableLength ?? 0) +
      ((this.#sink as Partial<Readable> | null)?.readableLength ?? 0) +
      socket.writableLength;
    // An empty write is called back after all writes before it.
    while (!socket.destroyed && !this.destroyed && waiting() > 0) {
      await new Promise<void>((resolve) => void socket.write('', () => resolve()));
    }
  }

  /** Lets the final dot leave. */
  release(): void {
    this.push(null);
  }
}
