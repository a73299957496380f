/** Each package has its door, pure units stay pure, and only the outermost files read the environment and the clock. */
import type { Door, HouseRules } from './house-rules.ts';
import type { Token } from './read-tokens.ts';
import { type JudgedFile, type JudgedTree, type Offence, unitOf } from './tree.ts';

export function checkDoors(tree: JudgedTree, rules: HouseRules): readonly Offence[] {
  return [
    ...tree.src.flatMap((file) => checkPackages(file, rules)),
    ...Object.entries(rules.doors).flatMap(([name, door]) => checkOneFile(name, door, tree.src)),
    ...checkDependencies(tree, rules),
    ...tree.src.flatMap((file) => checkSurroundings(file, rules)),
    ...checkDateDoors(tree.src, rules),
  ];
}

/** `@hono/node-server/x` → `@hono/node-server`, `nodemailer/lib/x` → `nodemailer`; null for a relative path. */
function packageOf(specifier: string | null): string | null {
  if (specifier === null || specifier.startsWith('.')) return null;
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function packagesOf(file: JudgedFile): ReadonlySet<string> {
  return new Set(file.references.flatMap(({ specifier }) => packageOf(specifier) ?? []));
}

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}

function checkPackages(file: JudgedFile, rules: HouseRules): readonly Offence[] {
  const { path } = file;
  const allowed = rules.pureUnits[unitOf(path)];
  return [...packagesOf(file)].flatMap((name) => {
    const door = rules.doors[name];
    const isPure = allowed === undefined || allowed.includes(name) || !name.startsWith('node:');
    if (!isPure) return [{ rule: 'pure', path, message: `imports ${name}` }];
    if (!door)
      return name.startsWith('node:') ? [] : [{ rule: 'doors', path, message: `${name} has no door` }];
    if (isWithin(path, door.within)) return [];
    return [{ rule: 'doors', path, message: `imports ${name}, whose door is ${door.within.join(' or ')}` }];
  });
}

function checkOneFile(name: string, door: Door, src: readonly JudgedFile[]): readonly Offence[] {
  const importers = src.filter((file) => packagesOf(file).has(name)).map((file) => file.path);
  if (!door.oneFile || importers.length < 2) return [];
  return [
    { rule: 'doors', path: importers[1] ?? '', message: `${name} is imported by ${importers.join(', ')}` },
  ];
}

/** What is installed for everybody is used, by somebody with a door. */
function checkDependencies(tree: JudgedTree, rules: HouseRules): readonly Offence[] {
  const imported = new Set(tree.src.flatMap((file) => [...packagesOf(file)]));
  return tree.dependencies.flatMap((name) => {
    if (imported.has(name) && rules.doors[name]) return [];
    return [{ rule: 'doors', path: 'package.json', message: `nothing imports the dependency ${name}` }];
  });
}

function checkSurroundings(file: JudgedFile, rules: HouseRules): readonly Offence[] {
  const { path, tokens } = file;
  if (rules.outermost.some((outer) => path === outer || (outer.endsWith('/') && path.startsWith(outer))))
    return [];
  return tokens.flatMap((token, index) => {
    const what =
      surroundingAt(tokens, index) ?? (rules.dateDoors[path] === undefined ? dateAt(tokens, index) : null);
    return what === null ? [] : [{ rule: 'surroundings', path, message: `line ${token.line} uses ${what}` }];
  });
}

function surroundingAt(tokens: readonly Token[], index: number): string | null {
  const next = tokens.slice(index, index + 4).map((token) => token.text);
  if (next[0] === 'process' && (next[2] === 'env' || next[1] === '[')) return 'process.env';
  if (next[0] === 'node:process') return 'node:process';
  if (next[0] === 'Temporal' && next[2] === 'Now') return 'Temporal.Now';
  if (next[0] === 'Date' && next[2] === 'now') return 'Date.now';
  const asksTheTime = next[0] === 'new' && next[1] === 'Date' && (next[2] !== '(' || next[3] === ')');
  return asksTheTime ? 'new Date()' : null;
}

/** The global `Date`, as value or type; not a key or member of that name (`Date:` is also a header). */
function dateAt(tokens: readonly Token[], index: number): string | null {
  const token = tokens[index];
  const isMember = tokens[index - 1]?.text === '.' || tokens[index + 1]?.text === ':';
  return token?.kind === 'word' && token.text === 'Date' && !isMember ? 'Date' : null;
}

function checkDateDoors(src: readonly JudgedFile[], rules: HouseRules): readonly Offence[] {
  const users = new Set(
    src
      .filter(({ tokens }) => tokens.some((_, index) => dateAt(tokens, index) !== null))
      .map((file) => file.path),
  );
  return Object.keys(rules.dateDoors)
    .filter((path) => !users.has(path))
    .map((path) => ({ rule: 'date-doors', path, message: 'is listed as a door for Date and uses none' }));
}
