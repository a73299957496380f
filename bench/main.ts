/**
 * `npm run bench [name…] -- [--posts N] [--connections N] [--only PART] [--seconds N] [--sink smtp-sink|built-in]`: measures what README
 * claims, each claim a file beside this one. Prints the machine, then for each figure what was measured, its ratio where there is one, and
 * its target. Figures of one run may be compared; those of two machines may not.
 */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions, Figure } from './figure.ts';

/** In the order they run when none is named. A new one is a file and a line. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  start: async () => await import('./start.ts'),
  publish: async () => await import('./no-change-publish.ts'),
  digest: async () => await import('./digest-render.ts'),
  feeds: async () => await import('./feeds-and-serving.ts'),
  delivery: async () => await import('./delivery.ts'),
  web: async () => await import('./web.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    posts: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '24' },
    only: { type: 'string' },
    sink: { type: 'string' },
    seconds: { type: 'string', default: '6' },
  },
});
const unknown = positionals.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  await runBenches(positionals.length > 0 ? positionals : Object.keys(BENCHES));
}

async function runBenches(names: readonly string[]): Promise<void> {
  console.log(describeMachine());
  const options: BenchOptions = {
    posts: Number(values.posts),
    connections: Number(values.connections),
    only: values.only ?? null,
    seconds: Number(values.seconds),
    sink: values.sink ?? null,
  };
  for (const name of names) {
    const load = BENCHES[name];
    if (!load) continue;
    const { bench } = await load();
    console.log(`\n${name}: ${bench.title}`);
    console.log(renderFigures(await bench.run(options)));
  }
}

function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${availableParallelism()} cores (${model}), ${memory}, ${process.platform}, Node ${process.versions.node}`;
}

function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, value, ratio, target, isMet }) => {
    const verdict = target === null ? '' : `${isMet === true ? 'met' : 'MISSED'}: ${target}`;
    return [what, value, ratio === null ? '' : `${ratio.toFixed(2)} ×`, verdict];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
