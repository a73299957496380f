/** Where the measured mail goes: `smtp-sink` of Postfix when it is installed, else the built-in one; a process of its own on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endProgram, findProgram } from './programs.ts';

export type SinkKind = 'smtp-sink' | 'built-in';

export type Sink = {
  readonly port: number;
  /** Messages taken so far. */
  readonly count: () => number;
};

/** `close` ends it; its processor time in seconds. */
type OpenSink = Sink & { readonly close: () => Promise<number | null> };

export type SinkOptions = {
  readonly kind: SinkKind;
  /** For its counter. */
  readonly folder: string;
  /** Of the built-in one only: `--delay`, `--keep`. */
  readonly flags?: readonly string[];
};

const BUILT_IN = fileURLToPath(new URL('sink.ts', import.meta.url));
const LISTENS_WITHIN = 10_000;

export function chooseSink(): SinkKind {
  return findProgram('smtp-sink') === null ? 'built-in' : 'smtp-sink';
}

/** Opens a sink for as long as `use` takes; what that gave, and the sink's processor time in seconds. */
export async function withSink<T>(
  options: SinkOptions,
  use: (sink: Sink) => Promise<T>,
): Promise<{ readonly result: T; readonly cpuSeconds: number | null }> {
  const { close, ...sink } = await openSink(options);
  try {
    const result = await use(sink);
    return { result, cpuSeconds: await close() };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSink({ kind, folder, flags = [] }: SinkOptions): Promise<OpenSink> {
  // smtp-sink binds with SO_REUSEPORT: two on one port would share the mail without a word.
  const port = await findFreePort();
  const counter = openSync(join(folder, `sink-${port}`), 'w+');
  const [command, args] = composeCommand(kind, port, flags);
  const child = spawn(command, args, { stdio: ['ignore', counter, 'inherit'] });
  await waitUntilListening(child, port);
  return {
    port,
    count: () => readCount(counter),
    close: async () => {
      const cpuSeconds = await endProgram(child);
      closeSync(counter);
      return cpuSeconds;
    },
  };
}

function composeCommand(kind: SinkKind, port: number, flags: readonly string[]): [string, readonly string[]] {
  if (kind === 'built-in') return [process.execPath, [BUILT_IN, String(port), ...flags]];
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  return [findProgram('smtp-sink') ?? 'smtp-sink', [...user, '-c', `127.0.0.1:${port}`, '256']];
}

export async function findFreePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function waitUntilListening(child: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + LISTENS_WITHIN;
  while (!(await canConnect(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('The sink does not listen');
    await wait(20);
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Both sinks print their counter anew after each carriage return: the last one counts. */
function readCount(counter: number): number {
  const { size } = fstatSync(counter);
  const end = Buffer.alloc(Math.min(size, 256));
  readSync(counter, end, 0, end.length, size - end.length);
  return Number([...end.toString('latin1').matchAll(/mesg=(\d+)\s*\r/g)].at(-1)?.[1] ?? 0);
}
