/** Recalls posts by what readers have of them: a post that the store has lost keeps the id and the dates it is known under. */
import type { PostFile } from '../../domain/post.ts';
import { slugOfUrl, type Witnessed } from '../../domain/witness.ts';

export type Recall = {
  readonly byId: (id: string) => Witnessed | undefined;
  /** The entry that is this file's, by id, address, or title and date, while nobody else in `taken` has its id. */
  readonly ofFile: (file: PostFile, taken: Pick<ReadonlySet<string>, 'has'>) => Witnessed | undefined;
};

/** `witness` is asked at the first question, and once. */
export function openRecall(witness: () => readonly Witnessed[]): Recall {
  let opened: ReturnType<typeof indexWitness> | null = null;
  const index = (): ReturnType<typeof indexWitness> => (opened ??= indexWitness(witness()));
  const byId: Recall['byId'] = (id) => index().byId.get(id);
  return {
    byId,
    ofFile: (file, taken) => {
      if (file.id !== null) return byId(file.id);
      const keys = [
        `slug ${file.slug}`,
        ...(file.publishedAt ? [composeDateKey(file.title, file.publishedAt)] : []),
      ];
      return keys.map((key) => index().byClue.get(key)).find((entry) => entry && !taken.has(entry.id));
    },
  };
}

function indexWitness(entries: readonly Witnessed[]): {
  readonly byId: ReadonlyMap<string, Witnessed>;
  readonly byClue: ReadonlyMap<string, Witnessed>;
} {
  const byClue = new Map<string, Witnessed>();
  // The address last, which is the stronger clue.
  for (const entry of entries) byClue.set(composeDateKey(entry.title, entry.publishedAt), entry);
  for (const entry of entries) byClue.set(`slug ${slugOfUrl(entry.url)}`, entry);
  return { byId: new Map(entries.map((entry) => [entry.id, entry])), byClue };
}

function composeDateKey(title: string, at: { readonly epochMilliseconds: number }): string {
  return `date ${Math.floor(at.epochMilliseconds / 1000)} ${title}`;
}
