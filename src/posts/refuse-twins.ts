/** Two posts with one slug or one id cannot both be published: one that was there before stays, else the first by path, and each other is refused, naming both. */
import type { PostFile } from '../domain/post.ts';
import type { Problem } from '../domain/problem.ts';
import { keepFor } from '../domain/succession.ts';
import { compareCodePoints } from './compare-code-points.ts';

export type Distinct = { readonly files: readonly PostFile[]; readonly problems: readonly Problem[] };

/** `files` in the order of their paths. `isKnown`: it was there before, so that no copy under another name takes its place; asked only where there are twins. */
export function refuseTwins(
  files: readonly PostFile[],
  isKnown: (file: PostFile) => boolean = () => false,
): Distinct {
  if (placesOf(files)) return { files, problems: [] };
  const plain = refuseLater(files);
  const known = files.filter(isKnown);
  if (known.length === 0) return plain;
  const distinct = refuseLater([...known, ...files.filter((file) => !isKnown(file))]);
  return {
    files: distinct.files.toSorted((a, b) => compareCodePoints(a.path, b.path)),
    problems: distinct.problems,
  };
}

type Places = { readonly slugs: Set<string>; readonly ids: Set<string> };

/** Slugs and ids of files that are all distinct; null where some are not. Of files that came of others, only those that came are looked at. */
const placesOf: (files: readonly PostFile[]) => Places | null = keepFor(
  (files) => takePlaces({ slugs: new Set(), ids: new Set() }, files),
  (last, { added, removed }, files) => {
    if (!last) return takePlaces({ slugs: new Set(), ids: new Set() }, files);
    for (const { slug, id } of removed) {
      last.slugs.delete(slug);
      if (id !== null) last.ids.delete(id);
    }
    return takePlaces(last, added);
  },
);

function takePlaces(places: Places, files: readonly PostFile[]): Places | null {
  for (const { slug, id } of files) {
    if (places.slugs.has(slug) || (id !== null && places.ids.has(id))) return null;
    places.slugs.add(slug);
    if (id !== null) places.ids.add(id);
  }
  return places;
}

function refuseLater(files: readonly PostFile[]): Distinct {
  const slugs = new Map<string, string>();
  const ids = new Map<string, string>();
  const kept: PostFile[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const sameId = file.id === null ? undefined : ids.get(file.id);
    const sameSlug = slugs.get(file.slug);
    const refuse = (message: string): number =>
      problems.push({ severity: 'error', path: file.path, line: null, message });
    if (sameId !== undefined) {
      refuse(`${file.path} has the id ${file.id} of ${sameId}: remove "id" from the newer one`);
    } else if (sameSlug !== undefined) {
      refuse(`${file.path} has the slug ${file.slug} of ${sameSlug}: give one of them another "slug"`);
    } else {
      slugs.set(file.slug, file.path);
      if (file.id !== null) ids.set(file.id, file.path);
      kept.push(file);
    }
  }
  return { files: kept, problems };
}
