/**
 * The desks of one sealer: as many as there are cores to spare, opened as they are needed. All are threads at first. On a long list a process is tried
 * beside them, in which OpenSSL signs with other instructions; where it is faster it takes their place, and where it is not it goes.
 */
import type { Seal } from '../../domain/message.ts';
import type { SigningKey } from '../dkim/signing-key.ts';
import { openProcessLine, openThreadLine } from './desk-lines.ts';
import { type DeskOrder, LostDesk, SealingDesk } from './sealing-desk.ts';

export type DeskOptions = {
  readonly keys: readonly SigningKey[];
  /** How many desks there may be. */
  readonly desks: number;
  /** The environment in which OpenSSL may sign faster than in ours, which is tried out on long lists; null where it cannot. */
  readonly swiftEnvironment: Readonly<Record<string, string>> | null;
};

/** Copies. A process takes the time of a hundred signatures to start: a short list is done before it pays. */
const TRIED_FROM = 500;
/** It must be clearly faster, for it takes more memory. */
const CLEARLY = 0.9;

export class Desks {
  readonly #options: DeskOptions;
  readonly #open = new Set<SealingDesk>();
  /** Those that get orders, besides the one on trial. */
  #hired: readonly SealingDesk[] = [];
  #trial: SealingDesk | null = null;
  #hires: SealingDesk['kind'] = 'thread';
  #orders = 0;
  #isClosed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Null: the copy is not the one that was sealed so. Rejects where the order cannot be carried out. */
  async seal(order: DeskOrder): Promise<Seal | null> {
    const desk = this.#choose();
    try {
      return await desk.seal(order);
    } catch (error) {
      if (this.#isClosed || desk.kind === 'thread' || !(error instanceof LostDesk)) throw error;
      // What ends a process (somebody short of memory) may end the next: threads do it too.
      this.#hires = 'thread';
      return await this.seal(order);
    }
  }

  /** What is being made is rejected. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#open, async (desk) => await desk.close()));
  }

  /** The one with the least to do; another is opened while all have something and there may be more. */
  #choose(): SealingDesk {
    const { desks: most, swiftEnvironment } = this.#options;
    this.#orders += 1;
    if (this.#orders === TRIED_FROM && swiftEnvironment) this.#trial = this.#openOne('process');
    if (this.#trial) this.#judge(this.#trial);
    const candidates = this.#trial?.isReady ? [...this.#hired, this.#trial] : this.#hired;
    const [idlest] = candidates.toSorted((one, other) => one.waiting - other.waiting);
    if (idlest && (idlest.waiting === 0 || this.#hired.length >= most)) return idlest;
    const desk = this.#openOne(this.#hires);
    this.#hired = [...this.#hired, desk];
    return desk;
  }

  #judge(candidate: SealingDesk): void {
    const [its, ours] = [candidate.pace, this.#hired[0]?.pace ?? null];
    if (its === null || ours === null) return;
    this.#trial = null;
    if (its > ours * CLEARLY) {
      candidate.leave();
      return;
    }
    this.#hires = 'process';
    for (const desk of this.#hired) desk.leave();
    this.#hired = [candidate];
  }

  #openOne(kind: SealingDesk['kind']): SealingDesk {
    const { keys, swiftEnvironment } = this.#options;
    const desk: SealingDesk = new SealingDesk(
      kind,
      (listener) =>
        kind === 'process'
          ? openProcessLine(keys, swiftEnvironment ?? {}, listener)
          : openThreadLine(keys, listener),
      (gone) => this.#forget(gone),
    );
    this.#open.add(desk);
    return desk;
  }

  #forget(desk: SealingDesk): void {
    this.#open.delete(desk);
    this.#hired = this.#hired.filter((one) => one !== desk);
    if (this.#trial === desk) this.#trial = null;
  }
}
