/**
 * Makes the copies of frozen contents, sealed on all cores, off the event loop. Desks open with the first copy that is to be signed and end with
 * `close`; nothing of a message crosses to them and back but what differs, and an unsigned copy needs none.
 */
import type { Seal } from '../../domain/message.ts';
import { gatherSmall } from '../large-parts.ts';
import { encodeSlots, fillSlots, type PreparedMime, prepareMime, type SlotTexts } from '../personalise.ts';
import { type DeskOptions, Desks } from './desks.ts';

/** A frozen content under a name of its own: `mime` must not be changed after. */
export type NamedContent = { readonly name: string; readonly mime: Uint8Array };

/** `first`: no copy can have arrived anywhere. Else the seal of the copy that may have; null where it had none. */
export type EarlierSeal = 'first' | Seal | null;

export type SealedCopy =
  | { readonly kind: 'sealed'; readonly parts: readonly Uint8Array[]; readonly seal: Seal | null }
  /** Its bytes would not be those of the copy that may have arrived: the store or the program is not what it was. */
  | { readonly kind: 'differs' };

export type Sealer = {
  readonly seal: (content: NamedContent, slots: SlotTexts, earlier: EarlierSeal) => Promise<SealedCopy>;
  /** Ends the desks; copies in the making are rejected. Safe to call twice. */
  readonly close: () => Promise<void>;
};

export function openSealer(options: DeskOptions): Sealer {
  const { keys } = options;
  const desks = new Desks(options);
  const contents = new Map<string, PreparedMime>();
  const prepare = ({ name, mime }: NamedContent): PreparedMime => {
    let prepared = contents.get(name);
    if (!prepared) contents.set(name, (prepared = prepareMime(mime)));
    return prepared;
  };
  return {
    seal: async (content, slots, earlier) => {
      const parts = fillSlots(prepare(content), encodeSlots(slots));
      const isPlain = earlier === null || (earlier === 'first' && keys.length === 0);
      if (isPlain) return { kind: 'sealed', parts: gatherSmall(parts), seal: null };
      const { name, mime } = content;
      const seal = await desks.seal({
        content: name,
        mime,
        slots,
        seal: earlier === 'first' ? null : earlier,
      });
      if (seal === null) return { kind: 'differs' };
      return { kind: 'sealed', parts: gatherSmall([Buffer.from(seal.fields), ...parts]), seal };
    },
    close: async () => await desks.close(),
  };
}
