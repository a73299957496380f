/** Which record a file belongs to that has a new name and other words: the one it is kin to, by what both are known by (`domain/traits.ts`). */
import { renderHaikuLine } from '../../domain/haiku.ts';
import type { PostFile, PostRecord } from '../../domain/post.ts';
import { areKin, shareOf, type Traits } from '../../domain/traits.ts';

export function traitsOf({ title, haiku, publishedAt, sketch }: PostFile): Traits {
  return {
    title,
    haiku: haiku ? renderHaikuLine(haiku) : null,
    day: publishedAt?.toPlainDate().toString() ?? null,
    sketch,
  };
}

export type KinFinder = {
  readonly find: (file: PostFile) => PostRecord | null;
  readonly take: (record: PostRecord) => void;
};

/** Looks up rather than compares each with each: a folder of thousands may be renamed and reworked at once. */
export function openKinFinder(records: Iterable<PostRecord>): KinFinder {
  const free = new Set<PostRecord>();
  const byClue = new Map<string, PostRecord[]>();
  for (const record of records) {
    if (!record.traits) continue;
    free.add(record);
    for (const clue of cluesOf(record.traits)) {
      const known = byClue.get(clue);
      if (known) known.push(record);
      else byClue.set(clue, [record]);
    }
  }
  return {
    take: (record) => void free.delete(record),
    find: (file) => {
      const traits = traitsOf(file);
      const near = new Set(cluesOf(traits).flatMap((clue) => byClue.get(clue) ?? []));
      return chooseNearest(
        file,
        traits,
        [...near].filter((record) => free.has(record)),
      );
    },
  };
}

/** Kin share at least one of these. */
function cluesOf({ title, haiku, day, sketch }: Traits): readonly string[] {
  return [
    ...(haiku === null ? [] : [`haiku ${haiku}`]),
    ...(day === null ? [] : [`day ${day} ${title}`]),
    ...sketch.map((hash) => `text ${hash}`),
  ];
}

/** The same place first, then the most words in common; of equals the one recorded first by id, so that every run decides alike. */
function chooseNearest(file: PostFile, traits: Traits, near: readonly PostRecord[]): PostRecord | null {
  const kin = near.flatMap((record) =>
    record.traits && areKin(traits, record.traits)
      ? [{ record, share: shareOf(traits.sketch, record.traits.sketch) }]
      : [],
  );
  const isHere = ({ record }: (typeof kin)[number]): number => (record.path === file.path ? 1 : 0);
  const [nearest] = kin.sort(
    (a, b) => isHere(b) - isHere(a) || b.share - a.share || (a.record.id < b.record.id ? -1 : 1),
  );
  return nearest?.record ?? null;
}
