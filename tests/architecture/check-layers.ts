/** Imports point down: to a lower level or within one unit, at files that exist, and never round in a circle. */
import type { HouseRules } from './house-rules.ts';
import { type JudgedFile, type Offence, resolveReference, unitOf } from './tree.ts';

export function checkLayers(src: readonly JudgedFile[], rules: HouseRules): readonly Offence[] {
  return [...src.flatMap((file) => checkFile(file, src, rules)), ...checkCycles(src)];
}

function checkFile(file: JudgedFile, src: readonly JudgedFile[], rules: HouseRules): readonly Offence[] {
  const { path } = file;
  const level = rules.levels[unitOf(path)];
  if (level === undefined) return [{ rule: 'layers', path, message: `"${unitOf(path)}" is no unit of src/` }];
  const known = new Set(src.map((other) => other.path));
  return file.references.flatMap(({ specifier, line }) => {
    if (specifier === null)
      return [{ rule: 'computed', path, message: `line ${line} imports what cannot be known` }];
    if (!specifier.startsWith('.')) return [];
    const target = resolveReference(path, specifier);
    if (!known.has(target))
      return [{ rule: 'resolved', path, message: `line ${line}: no file ${specifier}` }];
    const isBelow = (rules.levels[unitOf(target)] ?? Number.POSITIVE_INFINITY) < level;
    if (isBelow || unitOf(target) === unitOf(path)) return [];
    return [{ rule: 'layers', path, message: `line ${line} imports ${target}, which is not below it` }];
  });
}

/** Each circle once, told from its first file in the alphabet. */
function checkCycles(src: readonly JudgedFile[]): readonly Offence[] {
  const targets = new Map(src.map((file) => [file.path, targetsOf(file)]));
  const finished = new Set<string>();
  const found = new Map<string, Offence>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const offence = describeCycle(trail.slice(start));
      found.set(offence.message, offence);
    }
    if (start >= 0 || finished.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return [...found.values()];
}

function targetsOf(file: JudgedFile): readonly string[] {
  return file.references.flatMap(({ specifier }) =>
    specifier?.startsWith('.') ? [resolveReference(file.path, specifier)] : [],
  );
}

function describeCycle(cycle: readonly string[]): Offence {
  const first = cycle.toSorted()[0] ?? '';
  const start = cycle.indexOf(first);
  const ordered = [...cycle.slice(start), ...cycle.slice(0, start), first];
  return { rule: 'cycles', path: first, message: ordered.join(' → ') };
}
