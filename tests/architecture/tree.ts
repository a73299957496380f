/** The tree that is judged: the project's TypeScript as text, each file read once into tokens and references. */
import { type Reference, readReferences } from './read-references.ts';
import { readTokens, type Token } from './read-tokens.ts';

/** Path from the project's root, with `/` → text. `package.json` may be among them. */
export type Tree = ReadonlyMap<string, string>;

export type Offence = { readonly rule: string; readonly path: string; readonly message: string };

export type JudgedFile = {
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly references: readonly Reference[];
};

export type JudgedTree = {
  readonly src: readonly JudgedFile[];
  readonly tests: readonly JudgedFile[];
  readonly bench: readonly JudgedFile[];
  /** Names in package.json's `dependencies`; empty when it is not in the tree. */
  readonly dependencies: readonly string[];
  readonly offences: readonly Offence[];
};

export function judgeTree(tree: Tree): JudgedTree {
  const files: JudgedFile[] = [];
  const offences: Offence[] = [];
  for (const [path, text] of tree) {
    if (!path.endsWith('.ts')) continue;
    const result = readTokens(text);
    if (result.kind === 'tokens') {
      files.push({ path, text, tokens: result.tokens, references: readReferences(result.tokens) });
    } else {
      offences.push({ rule: 'readable', path, message: result.reason });
    }
  }
  const inside = (folder: string): JudgedFile[] => files.filter((file) => file.path.startsWith(folder));
  const dependencies = readDependencies(tree.get('package.json') ?? '{}');
  return { src: inside('src/'), tests: inside('tests/'), bench: inside('bench/'), dependencies, offences };
}

function readDependencies(text: string): readonly string[] {
  const manifest = JSON.parse(text) as { readonly dependencies?: Readonly<Record<string, string>> };
  return Object.keys(manifest.dependencies ?? {});
}

/** `src/render/feeds/x.ts` → `render`; `src/main.ts` → `main.ts`. */
export function unitOf(path: string): string {
  return path.split('/')[1] ?? '';
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The file a relative specifier names, from the project's root. */
export function resolveReference(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
