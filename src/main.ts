/** The process: arguments, streams and signals in, one exit code out. Nothing is decided here. */
import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { CommandLine } from './cli/command-line.ts';
import { runCli } from './cli/run-cli.ts';
import type { Terminal } from './cli/terminal.ts';
import { now } from './wire/clock.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Node 24 has no Temporal yet: it must be there before anything that uses it is loaded. */
async function ensureTemporal(): Promise<void> {
  if (!('Temporal' in globalThis)) await import('temporal-polyfill/global');
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** What is in flight has so long to be answered after the first signal; then it is left to the next run, as when the program dies. */
const FINISH_WITHIN_MILLISECONDS = 30_000;

/** The first signal asks for a clean end; the second leaves at once, which the ledger survives like any other death. */
function abortOnSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort();
      setTimeout(() => process.exit(0), FINISH_WITHIN_MILLISECONDS).unref();
    });
  }
  return stopping.signal;
}

function openTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // Asked of the descriptor: the stream itself is opened for those who read it.
  const hasPerson = isatty(0);
  const isInteractive = stderr.isTTY && hasPerson;
  return {
    write: (text) => void stdout.write(text),
    tell: (text) => void stderr.write(text),
    isInteractive,
    ask: async (question) => (hasPerson ? await askLine(question) : null),
    columns: stderr.columns || 80,
    elapsed: () => performance.now(),
    hasColour: isInteractive && !env['NO_COLOR'],
  };
}

async function askLine(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** npm tells its scripts how they were called: whoever came through it may have no `renga` on their PATH. */
function describeInvocation({
  npm_lifecycle_event: script,
  npm_package_name: name,
}: NodeJS.ProcessEnv): string {
  if (script === 'npx') return 'npx renga';
  return script !== undefined && name === 'renga' ? 'npm run renga --' : 'renga';
}

/** Resolves when what was written has left the program: on Windows a pipe takes its time. */
async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return;
  await new Promise<void>((resolve) => void stream.write('', () => resolve()));
}

function composeWiring(version: string): CommandLine['wiring'] {
  return {
    version,
    invocation: describeInvocation(process.env),
    openRenga: async (root, report, port) =>
      await (await import('./wire/open-renga.ts')).openRenga(root, version, report, port),
    openScout: async (root) => (await import('./wire/open-scout.ts')).openScout(root),
    listen: async (root, port) => await (await import('./wire/listen.ts')).listen(root, port),
    makeSigningKey: async (root, request) =>
      await (await import('./wire/make-signing-key.ts')).makeSigningKey(root, request),
    moveDatabase: async (root, from, to) =>
      await (await import('./wire/move-database.ts')).moveDatabase(root, from, to),
    initPublication: async (directory, answers) => {
      const { initPublication } = await import('./config/init-publication.ts');
      return await initPublication(directory, answers, now());
    },
  };
}

// A reader that went away (`renga posts | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

await ensureTemporal();
process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  workingDirectory: process.cwd(),
  terminal: openTerminal(),
  wiring: composeWiring(readVersion()),
  stopping: abortOnSignal(),
});
await Promise.all([process.stdout, process.stderr].map(flush));
// All is durable, and said. What is left is memory, which the system takes back sooner than the program would give it back.
process.exit();
