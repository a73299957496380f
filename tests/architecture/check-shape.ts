/** Files that are small, well named, open by saying what they are, and have their tests where one looks for them. */
import type { HouseRules } from './house-rules.ts';
import { folderOf, type JudgedFile, type JudgedTree, type Offence } from './tree.ts';

const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function checkShape(tree: JudgedTree, rules: HouseRules): readonly Offence[] {
  const everything = [...tree.src, ...tree.tests, ...tree.bench];
  return [
    ...everything.flatMap((file) => checkNames(file.path, rules)),
    ...[...tree.src, ...tree.bench].flatMap(checkOpening),
    ...tree.src.flatMap((file) => checkSize(file, rules)),
    ...checkMedian(tree.src, rules),
    ...tree.tests.flatMap((file) => checkMirror(file.path, tree.src, rules)),
  ];
}

/** A name is forbidden alone, as plural, and as the last word of a longer one: `mail-helpers`. */
function checkNames(path: string, rules: HouseRules): readonly Offence[] {
  const names = path
    .replace(/(?:\.test)?\.ts$/, '')
    .split('/')
    .slice(1);
  return names.flatMap((name) => {
    const word = (name.split('-').at(-1) ?? '').replace(/s$/, '');
    if (!KEBAB_CASE.test(name)) return [{ rule: 'names', path, message: `"${name}" is not in kebab-case` }];
    return rules.forbiddenNames.includes(word)
      ? [{ rule: 'names', path, message: `"${name}" says nothing` }]
      : [];
  });
}

function checkOpening(file: JudgedFile): readonly Offence[] {
  if (/^(?:#![^\n]*\n)?\/\*\*/.test(file.text)) return [];
  return [{ rule: 'opening', path: file.path, message: 'does not open with a comment that says what it is' }];
}

function linesOf(file: JudgedFile): number {
  return file.text.trimEnd().split('\n').length;
}

function checkSize(file: JudgedFile, rules: HouseRules): readonly Offence[] {
  if (linesOf(file) <= rules.largestFile) return [];
  return [{ rule: 'size', path: file.path, message: `has ${linesOf(file)} lines of ${rules.largestFile}` }];
}

function checkMedian(src: readonly JudgedFile[], rules: HouseRules): readonly Offence[] {
  const sizes = src.map(linesOf).toSorted((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  if (median <= rules.largestMedian) return [];
  return [
    { rule: 'size', path: 'src/', message: `the median file has ${median} lines of ${rules.largestMedian}` },
  ];
}

/** `tests/render/feeds/x.test.ts` has a folder `src/render/feeds/`; `tests/wire.test.ts` a file `src/wire.ts`. */
function checkMirror(path: string, src: readonly JudgedFile[], rules: HouseRules): readonly Offence[] {
  const below = path.slice('tests/'.length);
  const isApart = Object.keys(rules.testsApart).some((place) =>
    place.endsWith('/') ? below.startsWith(place) : below === place,
  );
  const mirrored = below.includes('/') ? `src/${folderOf(below)}` : `src/${below.replace('.test.ts', '.ts')}`;
  if (isApart || src.some((file) => file.path.startsWith(mirrored))) return [];
  return [{ rule: 'mirror', path, message: `there is no ${mirrored}` }];
}
