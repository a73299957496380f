/** What a program that runs on keeps of the feeds: which entries each volume has, and its outputs, which are the same while it says the same. */
import type { Output } from '../../domain/output.ts';
import type { Store } from '../../domain/store.ts';
import { succeed, successionOf } from '../../domain/succession.ts';
import type { Volume } from '../../domain/volume.ts';
import type { PreparedEntry } from '../entries/prepare-entries.ts';
import { PressDesk } from './document-outputs.ts';
import { VolumeMemory } from './sort-into-volumes.ts';

type KeptOutputs = {
  /** All that the document says besides its entries. */
  readonly frame: string;
  readonly entries: readonly PreparedEntry[];
  readonly outputs: readonly Output[];
};

export class FeedMemory {
  #volumes: readonly Volume[] | null = null;
  /** Whether there are others than were kept. */
  areVolumesTouched = true;
  readonly sorting = new VolumeMemory();
  readonly desk = new PressDesk();
  /** By the number of the volume. */
  readonly outputs = new Map<number, KeptOutputs>();

  /** As the store has them. `areKnown`: nobody has closed any since they were learnt. */
  async volumes({ volumes }: Pick<Store, 'volumes'>, areKnown: boolean): Promise<readonly Volume[]> {
    if (!areKnown || !this.#volumes) this.learn(await volumes.all());
    return this.#volumes ?? [];
  }

  /** As they were last learnt. */
  get known(): readonly Volume[] {
    return this.#volumes ?? [];
  }

  learn(volumes: readonly Volume[]): void {
    const last = this.#volumes;
    const same = volumes.map((volume, index) => {
      const known = last?.[index];
      return known && isSame(known, volume) ? known : volume;
    });
    const own = same.every((volume, index) => volume === volumes[index]) ? volumes : same;
    // What a list came of is noted once: whoever was given it goes on from there.
    this.#volumes = last && successionOf(own)?.before === last ? own : succeed(last, own);
    if (this.#volumes !== last) this.areVolumesTouched = true;
  }

  /** The outputs of a volume, made where it says something else than the last time. */
  recall(
    number: number,
    { frame, entries }: Omit<KeptOutputs, 'outputs'>,
    make: () => readonly Output[],
  ): readonly Output[] {
    const known = this.outputs.get(number);
    if (known?.frame === frame && known.entries === entries) return known.outputs;
    const outputs = make();
    this.outputs.set(number, { frame, entries, outputs });
    return outputs;
  }
}

function isSame(a: Volume, b: Volume): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.posts.length === b.posts.length &&
      a.posts.every((id, index) => id === b.posts[index]))
  );
}
