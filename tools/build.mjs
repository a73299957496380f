/**
 * Makes `dist/`, from which the package runs: the program and the packages that most runs need, in a few files, for Node takes half of a short run's time to find and link a
 * thousand small ones. A checkout runs from it too, while its sources are those it was made from (`made-from.json`). `--if-possible`: where
 * the bundler or the sources are not there, or the bundler has nothing for this machine, nothing is made, and a checkout runs from its sources.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

/** In a file that is started as a thread or a process of its own, and in no other: such files lie side by side in `dist/`, where they are found by URL. */
const HEARS = /^import .*\bparentPort\b|^process\.(?:on|once)\('message'/m;

/** With what these need themselves. All other packages stay where they are: they are seldom loaded, or load parts of themselves by name. */
const BUNDLED = new Set([
  'commander',
  'fastest-levenshtein',
  'feed',
  'html-to-text',
  'image-size',
  'kysely',
  'liquidjs',
  'marked',
  'sanitize-html',
  'yaml',
  'zod',
]);

/** What most runs load one after the other, by the name of its file: a module of its own for each that several share costs half a millisecond of every run. */
const TOGETHER = {
  // To find out whether anything is new.
  'every-run': ['cli/commands/publish.ts', 'wire/open-renga.ts'],
  // To publish it.
  'with-news': ['app/identity/gather-posts.ts', 'app/entries/render-ahead.ts', 'app/site/publish-site.ts'],
};

await build().catch((error) => {
  if (!process.argv.includes('--if-possible')) throw error;
  process.stdout.write(`dist/ is not made (${error.message}): renga runs from its sources\n`);
});

async function build() {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(listEntries().map((file) => [basename(file, '.ts'), file])),
    platform: 'node',
    // So that what a file shares with others may lie in it.
    preserveEntrySignatures: 'allow-extension',
    external: (id, importer) =>
      importer !== undefined &&
      isOurs(importer) &&
      /^[^./]/.test(id) &&
      !id.startsWith(ROOT) &&
      !BUNDLED.has(id),
  });
  rmSync(DIST, { recursive: true, force: true });
  const { output } = await bundle.write({
    dir: DIST,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: { groups: listGroups(), includeDependenciesRecursively: false },
    // Without a word in the files themselves: `bin/renga.mjs` looks for a map when there is a stack to show.
    sourcemap: 'hidden',
    sourcemapExcludeSources: true,
  });
  await bundle.close();
  const sources = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])).filter(existsSync);
  const packages = new Set(sources.filter((file) => !isOurs(file)).map(manifestOf));
  writeFileSync(join(DIST, 'licences.txt'), [...packages].sort(compare).map(renderLicence).join('\n'));
  // Last: a build that was broken off is used by nobody.
  const made = [...new Set([...sources.filter(isOurs), ...packages, fileURLToPath(import.meta.url)])];
  writeFileSync(
    join(DIST, 'made-from.json'),
    JSON.stringify(Object.fromEntries(made.sort(compare).map(stampOf))),
  );
}

/** What `renga --help` or a thread begins with stays apart from all that: they would load the whole of it. */
function listGroups() {
  const begins = openReach(['main.ts'], ['importedIds']);
  const isInThread = openReach(listStarted(), ['importedIds', 'dynamicallyImportedIds']);
  const groups = Object.entries(TOGETHER).map(([name, files]) => [name, openReach(files, ['importedIds'])]);
  const nameOf = (id, context) => {
    if (begins(id, context) || isInThread(id, context)) return null;
    return groups.find(([, isIn]) => isIn(id, context))?.[0] ?? null;
  };
  return [{ name: nameOf, debugName: 'together' }];
}

/** Whether a module is reached from one of these files of `src/` by imports of the given kinds, however many steps away. */
function openReach(files, kinds) {
  let reached = null;
  return (id, context) => {
    if (!reached) {
      reached = new Set(files.map((path) => join(ROOT, 'src', path)));
      // A set that grows while it is gone through is gone through to its end.
      for (const one of reached)
        for (const kind of kinds)
          for (const next of context.getModuleInfo(one)?.[kind] ?? []) reached.add(next);
    }
    return reached.has(id);
  };
}

function compare(a, b) {
  return a < b ? -1 : 1;
}

/** The program, and what its threads and child processes start from. */
function listEntries() {
  return ['main.ts', ...listStarted()].map((path) => join(ROOT, 'src', path));
}

function listStarted() {
  const sources = join(ROOT, 'src');
  const files = readdirSync(sources, { recursive: true }).filter((path) => path.endsWith('.ts'));
  return files.filter((path) => HEARS.test(readFileSync(join(sources, path), 'utf8')));
}

function isOurs(file) {
  return file.startsWith(join(ROOT, 'src') + sep);
}

/** As `bin/renga.mjs` compares it. */
function stampOf(file) {
  const { size, mtimeMs, ctimeMs } = statSync(file);
  return [relative(ROOT, file).replaceAll(sep, '/'), `${size} ${mtimeMs} ${ctimeMs}`];
}

/** The manifest of the package that a file belongs to; some have others inside, without a name. */
function manifestOf(file) {
  const manifest = join(dirname(file), 'package.json');
  const isIts = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version !== undefined;
  return isIts ? manifest : manifestOf(dirname(file));
}

/** Their licences ask that their words go along with every copy. */
function renderLicence(manifest) {
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8'));
  const folder = dirname(manifest);
  const texts = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
  return [
    `${name} ${version} (${license})`,
    ...texts.map((file) => readFileSync(join(folder, file), 'utf8')),
  ].join('\n\n');
}
