/** A desk, seen from the event loop: takes orders, gives promises, and knows how fast it is. */
import type { Seal } from '../../domain/message.ts';
import type { DeskLine, DeskListener } from './desk-lines.ts';
import type { SealingAnswer, SealingOrder } from './sealing-job.ts';

export type DeskKind = 'thread' | 'process';

/** `mime` each time: the desk knows what it has sent. */
export type DeskOrder = Omit<SealingOrder, 'id'> & { readonly mime: Uint8Array };

/** The desk is gone; what it was asked for can be asked of another, for an order changes nothing. */
export class LostDesk extends Error {}

type Waiting = { readonly resolve: (seal: Seal | null) => void; readonly reject: (error: unknown) => void };

/** Copies that a pace is taken from. */
const ENOUGH = 32;

export class SealingDesk {
  readonly kind: DeskKind;
  readonly #line: DeskLine;
  readonly #waiting = new Map<number, Waiting>();
  readonly #contents = new Set<string>();
  readonly #lastTimes: number[] = [];
  #outbox: SealingOrder[] = [];
  #lastId = 0;
  #isReady = false;
  #isLeaving = false;

  /** `forget` is told when the desk is gone. */
  constructor(
    kind: DeskKind,
    openLine: (listener: DeskListener) => DeskLine,
    forget: (desk: SealingDesk) => void,
  ) {
    this.kind = kind;
    this.#line = openLine({
      hear: (answers) => this.#hear(answers),
      lose: (cause) => {
        forget(this);
        this.#lose(new LostDesk(`the ${kind} that seals copies ended`, { cause }));
      },
    });
  }

  /** Rejects where the order cannot be carried out, and with `LostDesk` when the desk is gone before. */
  async seal(order: DeskOrder): Promise<Seal | null> {
    return await new Promise((resolve, reject) => {
      this.#lastId += 1;
      const isNew = !this.#contents.has(order.content);
      this.#contents.add(order.content);
      if (this.#waiting.size === 0) this.#line.hold(true);
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#outbox.push({ ...order, id: this.#lastId, mime: isNew ? order.mime : null });
      if (this.#outbox.length === 1) queueMicrotask(() => this.#send());
    });
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** It has said that it can begin. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Milliseconds for a copy, the median of its last ones; null until it has made enough. */
  get pace(): number | null {
    if (this.#lastTimes.length < ENOUGH) return null;
    return this.#lastTimes.toSorted((one, other) => one - other)[ENOUGH / 2] ?? null;
  }

  /** It finishes what it has, and closes. */
  leave(): void {
    this.#isLeaving = true;
    if (this.#waiting.size === 0) void this.close();
  }

  /** What is waiting is rejected. Safe to call twice. */
  async close(): Promise<void> {
    await this.#line.end();
  }

  /** Orders of one turn leave together. */
  #send(): void {
    this.#line.send(this.#outbox);
    this.#outbox = [];
  }

  #hear(answers: readonly SealingAnswer[]): void {
    this.#isReady = true;
    for (const answer of answers) this.#take(answer);
    if (this.#waiting.size > 0) return;
    this.#line.hold(false);
    if (this.#isLeaving) void this.close();
  }

  #take(answer: SealingAnswer): void {
    const open = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'failed') {
      open?.reject(answer.error);
      return;
    }
    this.#lastTimes.push(answer.milliseconds);
    if (this.#lastTimes.length > ENOUGH) this.#lastTimes.shift();
    open?.resolve(answer.seal);
  }

  #lose(error: LostDesk): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(error);
  }
}
